// Numbers and times for people.
import { WAD } from "../mathLib.ts";

/** Whole USD for people, rounded half away from 0: `"$1,235"`, `"−$7"`; below half a dollar `"< $1"`. */
export function formatUsd(wad: bigint): string {
  const size = wad < 0n ? -wad : wad;
  const sign = wad < 0n ? "−" : "";
  const dollars = (size + WAD / 2n) / WAD;
  if (dollars === 0n) return size === 0n ? "$0" : `${sign}< $1`;
  return `${sign}$${dollars.toLocaleString("en-US")}`;
}

/** Three digits for axes: `1234567` → `"$1.23M"`. */
export function formatUsdShort(usd: number): string {
  const size = Math.abs(usd);
  const [divisor, letter] =
    size >= 1e9 ? [1e9, "B"] : size >= 1e6 ? [1e6, "M"] : size >= 1e3 ? [1e3, "k"] : [1, ""];
  return `${usd < 0 ? "−" : ""}$${Number((size / divisor).toPrecision(3))}${letter}`;
}

/** `part` of `whole` in percent with one decimal; `"—"` of nothing. */
export function formatShare(part: bigint, whole: bigint): string {
  if (whole === 0n) return "—";
  const tenths = Number((part * 1000n) / whole); // safe: a share of money, far below 2^53
  return `${(tenths / 10).toFixed(1)} %`.replace("-", "−");
}

/** `"2020-03-12 10:00"`, UTC. */
export function formatTime(unix: number): string {
  return new Date(unix * 1000).toISOString().slice(0, 16).replace("T", " ");
}

/** A number of things with thousands marks: `6413` → `"6,413"`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** For charts only, where a pixel is coarser than a float. */
export function toFloat(wad: bigint): number {
  return Number(wad / 10n ** 9n) / 1e9;
}

/** `10800` → `"3 h"`: in the largest unit that divides it. */
export function formatDuration(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.round(seconds)} s`;
}
