import { barsFrame, colour } from "../../sdk/charts/chart.ts";
import type { Chart, Colour } from "../../sdk/charts/chart.ts";
import { formatShare, formatUsd, formatUsdShort, toFloat } from "../../sdk/charts/format.ts";
import type { DemoValues } from "./result.ts";

interface Flow {
  readonly text: string;
  readonly value: bigint;
  readonly colour: Colour;
}

/** What was taken from owners, who received it, and what nobody paid. */
export function moneyChart(values: DemoValues): Chart {
  const flows = flowsOf(values);
  return () => ({
    ...barsFrame(
      "USD",
      flows.map(({ text }) => text),
      formatUsdShort,
    ),
    series: [
      {
        type: "bar",
        barWidth: 18,
        silent: true,
        data: flows.map((flow) => ({
          value: toFloat(flow.value),
          itemStyle: { color: colour(flow.colour) },
          label: {
            show: true,
            position: [0, -17],
            align: "left",
            color: colour("ink"),
            fontSize: 13,
            formatter: `${flow.text}: ${formatUsd(flow.value)}${shareText(flow, values)}`,
          },
        })),
      },
    ],
  });
}

function flowsOf(values: DemoValues): readonly Flow[] {
  return [
    {
      text: "Collateral taken from owners",
      value: values.collateralSeizedValue,
      colour: "neutral",
    },
    { text: "Debt repaid, to lenders", value: values.repaidValue, colour: "money" },
    { text: "Bonus, to keepers", value: values.bonusValue, colour: "issued" },
    { text: "Fees, to reserves", value: values.feesValue, colour: "expired" },
    { text: "Bad debt, to the loss waterfall", value: values.badDebtValue, colour: "seized" },
  ];
}

function shareText({ value, colour: name }: Flow, { collateralSeizedValue }: DemoValues): string {
  if (name === "neutral" || name === "seized") return "";
  return ` (${formatShare(value, collateralSeizedValue)})`;
}
