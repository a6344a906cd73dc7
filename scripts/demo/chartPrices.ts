import { assetColour, colour } from "../../sdk/charts/chart.ts";
import { toFloat } from "../../sdk/charts/format.ts";
import { STABLECOINS } from "../../sdk/priceFile.ts";
import type { DemoStep } from "./result.ts";

/** One line per asset, in % of its first price; stablecoins dashed. */
export function priceLines(
  series: readonly DemoStep[],
  axisIndex: number,
  shown: (name: string) => boolean = () => true,
): object[] {
  return assetNames(series).flatMap((name, index) => {
    if (!shown(name)) return [];
    return {
      type: "line",
      xAxisIndex: axisIndex,
      yAxisIndex: axisIndex,
      data: series.map(({ at, relativePrices }) => {
        const price = relativePrices[name];
        return [at, price === undefined ? null : toFloat(price) * 100];
      }),
      sampling: "lttb",
      showSymbol: false,
      silent: true,
      lineStyle: {
        color: colour(assetColour(index)),
        width: 1.8,
        type: isStablecoin(name) ? "dashed" : "solid",
      },
    };
  });
}

/** First and last time of a run. */
export function spanOf(series: readonly DemoStep[]): readonly [number, number] {
  const from = series[0]?.at ?? 0;
  return [from, series.at(-1)?.at ?? from];
}

/** Assets of a run in the order of its price file. */
export function assetNames(series: readonly DemoStep[]): readonly string[] {
  return Object.keys(series[0]?.relativePrices ?? {});
}

/** Whether the asset aims at one USD. */
export function isStablecoin(name: string): boolean {
  const names: readonly string[] = STABLECOINS;
  return names.includes(name);
}
