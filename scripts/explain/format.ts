// Numbers as people read them, rounded half away from 0; the JSON file has them exactly.
import { BPS, PPM, UINT256_MAX, WAD } from "../../sdk/mathLib.ts";
import type { Token } from "../../sdk/explain/stories.ts";
import { formatUnits } from "../../sdk/units.ts";

const TOKEN_DIGITS = 6;
const PRICE_DIGITS = 4;
const WIDTH = 96;

/** `1234567` with 3 decimals, to 2 digits → `"1,234.57"` */
export function formatDecimal(units: bigint, decimals: number, digits: number): string {
  const step = 10n ** BigInt(Math.max(0, decimals - digits));
  const size = units < 0n ? -units : units;
  const rounded = (size + step / 2n) / step;
  const [whole = "0", fraction = ""] = formatUnits(rounded, Math.min(decimals, digits)).split(".");
  const sign = units < 0n && rounded > 0n ? "−" : "";
  const padded = fraction.padEnd(digits, "0");
  return `${sign}${BigInt(whole).toLocaleString("en-US")}${digits === 0 ? "" : `.${padded}`}`;
}

/** `"9,200.69 USD"`; less than half a cent that is not nothing is shown in full */
export function formatUsd(value: bigint): string {
  const isSpeck = value !== 0n && value < WAD / 200n && value > -WAD / 200n;
  return `${isSpeck ? formatUnits(value, 18).replace("-", "−") : formatDecimal(value, 18, 2)} USD`;
}

/** `"4.401923 WETH"` without needless zeros; what would round to nothing is shown in full */
export function formatTokens(assets: bigint, token: Token): string {
  const rounded = trim(formatDecimal(assets, token.decimals, TOKEN_DIGITS));
  const isLost = assets !== 0n && /^−?0$/.test(rounded);
  return `${isLost ? formatUnits(assets, token.decimals) : rounded} ${token.symbol}`;
}

/** USD for one whole token: `"2,000"`, `"0.9996"` */
export function formatPrice(price: bigint, { decimals }: Token): string {
  return trim(formatDecimal((price * 10n ** BigInt(decimals)) / WAD, 18, PRICE_DIGITS));
}

/** `"0.9633"`; the maximum stands for nothing owed */
export function formatRatio(wad: bigint): string {
  return wad === UINT256_MAX ? "no debt" : formatDecimal(wad, 18, 4);
}

/** `"1.45 %"` of a wad */
export function formatShare(wad: bigint): string {
  return `${trim(formatDecimal(wad * 100n, 18, 3))} %`;
}

/** `"14.5 %"` of parts in a million */
export function formatPpm(ppm: bigint): string {
  return formatShare((ppm * WAD) / PPM);
}

/** `"20 %"` of basis points */
export function formatBps(bps: bigint): string {
  return formatShare((bps * WAD) / BPS);
}

/** `"2020-03-12 10:00:07 UTC"` */
export function formatTime(at: bigint): string {
  return `${new Date(Number(at) * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** `"1 h 2 min 7 s"`, the two largest units that are not 0 */
export function formatDuration(seconds: bigint): string {
  const parts = [
    [seconds / 86_400n, "d"],
    [(seconds / 3_600n) % 24n, "h"],
    [(seconds / 60n) % 60n, "min"],
    [seconds % 60n, "s"],
  ] as const;
  const shown = parts.filter(([count]) => count !== 0n).slice(0, 2);
  return shown.length === 0 ? "0 s" : shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}

/** `["a", "b", "c"]` → `"a, b and c"` */
export function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "nothing";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

/** breaks a paragraph into lines; the first begins with `lead`, the others stand below what follows it */
export function wrap(text: string, lead = ""): string {
  const indent = " ".repeat(lead.length);
  const lines: string[] = [];
  let line = lead;
  for (const word of text.split(" ")) {
    const isStart = line === lead || line === indent;
    if (!isStart && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else {
      line += isStart ? word : ` ${word}`;
    }
  }
  return [...lines, line].join("\n");
}

function trim(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
