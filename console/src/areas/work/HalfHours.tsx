// Arrived and done by half hour, as bars and as a table for who does not see bars.
import { BarChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use as register } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { Select } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Board, QueueName } from "@/api/types";
import { usePreferences } from "@/kit/preferences";
import { EmptyState } from "@/kit/States";
import { useLanguage } from "@/kit/language";
import { formatClock } from "@/kit/time";
import { seriesOf, type Series } from "./halfHours";

register([BarChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export default function HalfHours({ board }: { board: Board }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const [queue, setQueue] = useState<QueueName | "all">("all");
  const series = seriesOf(board.half_hours, queue);
  const found = board.queues.find((one) => one.queue === queue);
  const name = found === undefined ? t("board.chart.total") : nameOf(found);
  return (
    <>
      <Select
        className="sn-filter"
        aria-label={t("board.queue")}
        value={queue}
        options={[{ value: "all" as const, label: t("board.chart.total") }, ...board.queues.map((one) => ({ value: one.queue, label: nameOf(one) }))]}
        onChange={setQueue}
      />
      {series.from.length === 0 ? <EmptyState title={t("board.chart.none")} /> : <Bars series={series} label={t("board.chart.label", { queue: name })} />}
    </>
  );
}

function Bars({ series, label }: { series: Series; label: string }) {
  const { t } = useTranslation();
  const { mode, density } = usePreferences();
  const box = useRef<HTMLDivElement>(null);
  const arrived = t("board.chart.arrived");
  const done = t("board.chart.done");
  const drawn = JSON.stringify(series);

  const chart = useRef<ReturnType<typeof init> | undefined>(undefined);
  useEffect(() => {
    if (box.current === null) return undefined;
    const made = init(box.current);
    chart.current = made;
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = undefined;
    };
  }, []);
  useEffect(() => {
    // As text: the board is read every few seconds and mostly brings the same.
    chart.current?.setOption(optionOf(JSON.parse(drawn) as Series, arrived, done), { notMerge: true });
  }, [drawn, arrived, done, mode, density]);

  return (
    <figure className="sn-chart-figure">
      <div ref={box} className="sn-chart" aria-hidden="true" />
      <table className="sn-visually-hidden">
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">{t("trace.at")}</th>
            <th scope="col">{arrived}</th>
            <th scope="col">{done}</th>
          </tr>
        </thead>
        <tbody>
          {series.from.map((from, index) => (
            <tr key={from}>
              <th scope="row">{formatClock(from)}</th>
              <td>{series.arrived[index]}</td>
              <td>{series.done[index]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

/** Colors come from the style sheet, so that the chart follows light and dark. */
function optionOf(series: Series, arrived: string, done: string) {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const textStyle = { color: token("--sn-ink-soft"), fontFamily: token("--sn-font"), fontSize: 12 };
  const axisLine = { lineStyle: { color: token("--sn-line-strong") } };
  return {
    animation: false,
    textStyle,
    color: [token("--sn-line-strong"), token("--sn-accent")],
    grid: { left: 40, right: 8, top: 32, bottom: 24 },
    legend: { top: 0, right: 0, textStyle, itemWidth: 12, itemHeight: 12 },
    // Drawn on the canvas: an HTML tooltip would need inline styles, which the policy forbids.
    tooltip: { trigger: "axis" as const, renderMode: "richText" as const },
    xAxis: { type: "category" as const, data: series.from.map(formatClock), axisLine, axisLabel: textStyle },
    yAxis: { type: "value" as const, minInterval: 1, axisLabel: textStyle, splitLine: { lineStyle: { color: token("--sn-line") } } },
    series: [
      { name: arrived, type: "bar" as const, data: series.arrived, barMaxWidth: 16 },
      { name: done, type: "bar" as const, data: series.done, barMaxWidth: 16 },
    ],
  };
}
