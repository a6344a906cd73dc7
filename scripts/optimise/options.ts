// What the owner says on the command line, as numbers.
import { readFile } from "node:fs/promises";
import json5 from "json5";
import { z } from "zod";
import { NotDecimal, TooPrecise, toUnits, toWad } from "../../sdk/units.ts";

/** An option has a value that means nothing. */
export class OptionInvalid extends Error {
  override readonly name = "OptionInvalid";
  readonly option: string;
  readonly found: string;

  constructor(option: string, found: string, allowed: string) {
    super(`${option}: found "${found}", allowed: ${allowed}.`);
    this.option = option;
    this.found = found;
  }
}

/** A yield of a year, by symbol [wad]. */
export type Yields = ReadonlyMap<string, bigint>;

const FILE = z.record(z.string(), z.union([z.string(), z.number()]));
const MOST_PERCENT = 10_000n;

/** `"10%"`, `"10 %"` or `"10"` → 1_000n bps. @throws OptionInvalid */
export function parseBps(option: string, text: string): bigint {
  const allowed = "0 % to 10000 %, to two decimals, such as 10%";
  const bps = decimalOf(option, text, allowed, (number) => toUnits(number, 2));
  if (bps < 0n || bps > MOST_PERCENT * 100n) throw new OptionInvalid(option, text, allowed);
  return bps;
}

/** `"5"` USD → wad. @throws OptionInvalid */
export function parseUsd(option: string, text: string): bigint {
  const allowed = "USD, at least 0, such as 5 or 0.25";
  const value = decimalOf(option, text, allowed, toWad);
  if (value < 0n) throw new OptionInvalid(option, text, allowed);
  return value;
}

/** `"365"` days → seconds. @throws OptionInvalid */
export function parseDays(option: string, text: string): bigint {
  if (!/^[1-9]\d{0,4}$/.test(text)) {
    throw new OptionInvalid(option, text, "whole days from 1 to 99999, such as 365");
  }
  return BigInt(text) * 86_400n;
}

/** `["WETH=3%"]`, and the same by symbol in a file. @throws OptionInvalid */
export async function readYields(
  pairs: readonly string[],
  file: string | undefined,
): Promise<Yields> {
  const yields = new Map<string, bigint>();
  if (file !== undefined) {
    for (const [symbol, text] of Object.entries(await readFileOf(file))) {
      yields.set(symbol, parseYield("--yields", symbol, String(text)));
    }
  }
  for (const pair of pairs) {
    const [symbol = "", text = "", ...more] = pair.split("=");
    if (symbol === "" || text === "" || more.length > 0) {
      throw new OptionInvalid("--yield", pair, "SYMBOL=PERCENT, such as WETH=3%");
    }
    yields.set(symbol, parseYield("--yield", symbol, text));
  }
  return yields;
}

async function readFileOf(file: string): Promise<z.infer<typeof FILE>> {
  const allowed = 'a readable file such as { WETH: "3%", WBTC: "0.5%" }';
  let content: unknown;
  try {
    content = json5.parse(await readFile(file, "utf8"));
  } catch {
    throw new OptionInvalid("--yields", file, allowed);
  }
  const parsed = FILE.safeParse(content);
  if (!parsed.success) throw new OptionInvalid("--yields", file, allowed);
  return parsed.data;
}

function parseYield(option: string, symbol: string, text: string): bigint {
  const allowed = "-100 % to 10000 % a year, such as 3% or -0.5%";
  const wad = decimalOf(option, text, allowed, (number) => toUnits(number, 16));
  const percent = 10n ** 16n;
  if (wad < -100n * percent || wad > MOST_PERCENT * percent) {
    throw new OptionInvalid(`${option} ${symbol}`, text, allowed);
  }
  return wad;
}

function decimalOf(
  option: string,
  text: string,
  allowed: string,
  parse: (number: string) => bigint,
): bigint {
  try {
    return parse(text.replace(/\s*%$/, "").trim());
  } catch (error) {
    const isText = error instanceof NotDecimal || error instanceof TooPrecise;
    if (!isText) throw error;
    throw new OptionInvalid(option, text, allowed);
  }
}
