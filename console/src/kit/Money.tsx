// Money enters and leaves the screen here and nowhere else.
import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Money } from "@/api/types";
import { formatMinor, formatMoney, halfWidth, parseAmount, type AmountFault } from "./amount";

/** An amount in tabular figures; a dash when there is none yet. */
export function MoneyText({ value, strong = false }: { value: Money | null | undefined; strong?: boolean }) {
  if (value === null || value === undefined) return <span className="sn-faint">—</span>;
  return <span className={strong ? "sn-number sn-strong" : "sn-number"}>{formatMoney(value)}</span>;
}

interface MoneyInputProps {
  value?: Money | undefined;
  currency?: string;
  onChange?: (value: Money | undefined) => void;
  id?: string;
  disabled?: boolean;
  autoFocus?: boolean;
}

/** Takes an exact amount: full-width digits are mended, a third decimal is refused and said so. */
export function MoneyInput({ value, currency = "CNY", onChange, id, disabled = false, autoFocus = false }: MoneyInputProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value === undefined ? "" : formatMinor(value.minor, value.currency));
  const [fault, setFault] = useState<AmountFault | undefined>(undefined);

  const take = (typed: string) => {
    setText(typed);
    const read = parseAmount(typed, currency);
    setFault("fault" in read && read.fault !== "empty" ? read.fault : undefined);
    onChange?.("minor" in read ? { minor: read.minor, currency } : undefined);
  };
  const settle = () => {
    const read = parseAmount(halfWidth(text), currency);
    if ("minor" in read) setText(formatMinor(read.minor, currency));
  };

  return (
    <div>
      <Input
        {...(id === undefined ? {} : { id })}
        value={text}
        inputMode="decimal"
        lang="en"
        autoComplete="off"
        disabled={disabled}
        autoFocus={autoFocus}
        className="sn-number"
        prefix={currency}
        aria-invalid={fault !== undefined}
        status={fault === undefined ? "" : "error"}
        onChange={(event) => take(event.target.value)}
        onBlur={settle}
      />
      {fault !== undefined && (
        <div role="alert" className="sn-field-fault">
          {t(`amount.${fault}`)}
        </div>
      )}
    </div>
  );
}
