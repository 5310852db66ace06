// The rendered vouchers of this run, each with what is written on it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { until } from "./browser";
import type { Person } from "./person";

const FOLDER = process.env["SHUNIU_DOCUMENTS"] ?? "../target/e2e/documents";

export interface Voucher {
  businessType: string;
  file: string;
  /** Field code to what a perfect clerk keys. */
  fields: Readonly<Record<string, string>>;
}

interface Truth extends Record<string, unknown> {
  _business_type: string;
  _flaws: string[];
}

/** Vouchers of one business type that nothing is wrong with, the largest amount first. */
export function vouchers(businessType: string): Voucher[] {
  const truths = readdirSync(FOLDER).filter((name) => name.endsWith(".key.json"));
  const read = (name: string): Voucher & { flaws: string[] } => {
    const { _business_type, _flaws, ...fields } = JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as Truth;
    return { businessType: _business_type, flaws: _flaws, file: join(FOLDER, name.replace(".key.json", ".jpg")), fields: fields as Record<string, string> };
  };
  return truths
    .map(read)
    .filter((voucher) => voucher.businessType === businessType && voucher.flaws.length === 0)
    .sort((a, b) => Number(fen(b) - fen(a)));
}

/** The amount in minor units. */
export function fen(voucher: Voucher): bigint {
  return BigInt((voucher.fields["amount"] ?? "0").replace(".", ""));
}

/** Above this an intra-bank transfer needs an authorizer: `above_minor` of its definition. */
export const TRANSFER_LIMIT = 5_000_000n;

interface BusinessType {
  code: string;
  name_zh: string;
  fields: { code: string; name_zh: string; name_en: string }[];
}

/** The code of a field by the name that the stations show. */
export async function fieldCodes(teller: Person, businessType: string): Promise<Map<string, string>> {
  const types = await teller.reads<BusinessType[]>("/processing/business-types");
  const fields = types.find(({ code }) => code === businessType)?.fields ?? [];
  return new Map(fields.flatMap(({ code, name_zh, name_en }) => [[name_zh, code], [name_en, code]]));
}

/** The files that no center should take, made here so that nothing of them lies in the repository. */
export async function poorImage(page: Page): Promise<Buffer> {
  const data = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1600, 1000];
    const pen = canvas.getContext("2d");
    if (pen === null) throw new Error("no canvas");
    pen.fillStyle = "#fdfdfd";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  });
  return Buffer.from(data, "base64");
}

/** Captures a voucher at the outlet by keyboard, up to the point where it can be submitted; answers the item's id. */
export async function captures(teller: Person, voucher: Voucher): Promise<string> {
  await teller.go("/processing/capture");
  await teller.page.getByRole("heading", { name: "业务受理" }).waitFor();
  const types = await teller.reads<BusinessType[]>("/processing/business-types");
  const name = types.find(({ code }) => code === voucher.businessType)?.name_zh ?? "";
  await teller.presses(new RegExp(name));
  await teller.choosesFile(/凭证正面/, voucher.file);
  await teller.page.waitForURL(/\/processing\/capture\/itm_/);
  await teller.page.getByText("质量合格", { exact: true }).waitFor();
  await until("it can be submitted", () => teller.page.getByRole("button", { name: /提交（Ctrl\+Enter）/ }).isEnabled());
  return new URL(teller.page.url()).pathname.split("/").at(-1) ?? "";
}

/** Captures a voucher and submits it; answers the item's id. */
export async function submits(teller: Person, voucher: Voucher): Promise<string> {
  const id = await captures(teller, voucher);
  await teller.page.keyboard.press("Control+Enter");
  await teller.page.getByText(/已提交，业务编号/).waitFor();
  return id;
}
