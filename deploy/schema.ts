import { readFileSync } from "node:fs";
import path from "node:path";
import JSON5 from "json5";
import { z } from "zod";
import { address, DAY, decimal, duration, holder, MINUTE, variance, whole } from "./fields.ts";
import { pair } from "./pairSchema.ts";
import { findBrokenRules } from "./rules.ts";
import { sleeve } from "./sleeveSchema.ts";

/** A parameter file that cannot be deployed: every complaint names path, found and allowed. */
export class ParametersInvalid extends Error {
  override readonly name = "ParametersInvalid";
  readonly file: string;
  readonly complaints: readonly string[];

  constructor(file: string, complaints: readonly string[], options?: ErrorOptions) {
    super(`${file}:\n${complaints.map((line) => `  ${line}`).join("\n")}`, options);
    this.file = file;
    this.complaints = complaints;
  }
}

/** What the deployment is made of; quantities in the units that the chain keeps, unless a name says otherwise. */
export type Parameters = z.output<typeof parametersSchema>;
export type AssetParameters = Parameters["assets"][number];
export type PoolParameters = Parameters["pools"][number];
export type PairParameters = Parameters["pairs"][number];
export type ModelParameters = NonNullable<PairParameters["model"]>;
export type SleeveParameters = Parameters["sleeves"][number];
export type AllocatorParameters = Extract<SleeveParameters, { kind: "allocator" }>;

const role = z.strictObject({
  holder,
  delayFor: duration(0n, 30n * DAY),
});

const feed = z.strictObject({
  primary: z.union([z.literal("mock"), address]),
  decimals: z.int().min(0).max(18),
  maxAgeFor: duration(MINUTE, 7n * DAY),
  lowestPrice: decimal,
  highestPrice: decimal,
  second: z
    .strictObject({
      address,
      maxAgeFor: duration(MINUTE, 7n * DAY),
      maxDeviationBps: whole(10n, 20_00n),
    })
    .nullable(),
  rate: z
    .strictObject({
      provider: address,
      function: z
        .string()
        .regex(
          /^([A-Za-z_]\w*\(\)|convertToAssets\(uint256\))$/,
          'allowed: "convertToAssets(uint256)", or the name of a function without arguments and "()"',
        ),
      decimals: z.int().min(6).max(18),
      growthPpm: whole(10n, 5_000n),
    })
    .nullable(),
});

const asset = z.strictObject({
  symbol: z
    .string()
    .regex(/^[A-Z][A-Za-z0-9]{0,11}$/, "allowed: letters and digits, first a capital"),
  name: z.string().min(1),
  decimals: z.int().min(0).max(18),
  token: z.union([z.literal("mock"), address]),
  feed,
  firstPrice: decimal.nullable(),
  cap: decimal,
  /** Its variance is measured from the rounds of its feed, from this one on. */
  measure: z.strictObject({ stressVariance: variance(1n) }).optional(),
});

const pool = z.strictObject({
  asset: z.string(),
  name: z.string().min(1),
  symbol: z.string().min(1),
  factorPpm: whole(1_000_000n, 1_500_000n),
  terms: z.strictObject({
    baseBps: whole(0n, 50_00n),
    kinkBps: whole(1_00n, 99_00n),
    slopeBelowBps: whole(0n, 100_00n),
    slopeAboveBps: whole(0n, 1000_00n),
    reserveBps: whole(0n, 50_00n),
    supplyCap: decimal,
    borrowCap: decimal,
    minimumDebt: decimal,
    fundBps: whole(0n, 100_00n),
    flashFeeBps: whole(0n, 1_00n),
  }),
  fund: z.strictObject({
    name: z.string().min(1),
    symbol: z.string().min(1),
    supplyCap: decimal,
    cooldownFor: duration(60n * MINUTE, 60n * DAY),
    windowFor: duration(60n * MINUTE, 30n * DAY),
  }),
});

const risk = z.strictObject({
  closeOutBps: whole(5_00n, 50_00n),
  targetShareBps: whole(10_00n, 100_00n),
  targetMinBps: whole(10n, 40_00n),
  targetMaxBps: whole(1_00n, 40_00n),
  bonusMinBps: whole(10n, 10_00n),
  bonusPerUsedBps: whole(0n, 50_00n),
  bonusPerHourBps: whole(0n, 10_00n),
  feeBps: whole(0n, 10_00n),
  cureMinFor: duration(MINUTE, 7n * DAY),
  cureMaxFor: duration(10n * MINUTE, 7n * DAY),
  roundingValue: whole(1n, 10_000n),
  minimumTransferValue: whole(1n, 1_000_000n),
  dustValue: whole(1n, 100_000n),
  throttleBps: whole(1_00n, 200_00n),
});

const tiers = z.strictObject({
  stepBps: whole(0n, 100_00n),
  mostBps: whole(0n, 100_00n),
  decayFor: duration(DAY, 730n * DAY),
});

const parametersSchema = z.strictObject({
  network: z.strictObject({
    name: z.string().min(1),
    kind: z.enum(["local", "live"]),
    chainId: z.int().min(1),
    sequencerFeed: address.nullable(),
    sequencerGraceFor: duration(0n, DAY),
  }),
  roles: z.strictObject({
    admin: role,
    governor: role,
    riskSteward: role,
    guardian: role,
    feeCollector: role,
    venueManager: role,
  }),
  risk,
  tiers,
  assets: z.array(asset).min(1).max(24),
  pools: z.array(pool).min(1).max(8),
  pairs: z.array(pair),
  sleeves: z.array(sleeve),
});

/**
 * Reads a parameter file, checks every number against the bounds that the contracts set, and the rules between them.
 * @throws ParametersInvalid
 */
export function readParameters(file: string): Parameters {
  const name = path.basename(file);
  let raw: unknown;
  try {
    raw = JSON5.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ParametersInvalid(name, [`cannot be read as JSON5: ${reason}`], { cause });
  }
  return parseParameters(name, raw);
}

/** The same for what is no file yet; `name` is what errors call it. @throws ParametersInvalid */
export function parseParameters(name: string, raw: unknown): Parameters {
  const result = parametersSchema.safeParse(raw);
  if (!result.success) throw new ParametersInvalid(name, result.error.issues.flatMap(describe));
  const broken = findBrokenRules(result.data);
  if (broken.length > 0) throw new ParametersInvalid(name, broken);
  return result.data;
}

/** `{ path: [pools, 0, terms], … }` → `pools[0].terms: found …, allowed: …`; of a union what its last branch says. */
function describe(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === "invalid_union") {
    const last = issue.errors.at(-1) ?? [];
    // of a tagged union: the tag is none of its own
    if ("options" in issue && Array.isArray(issue.options)) {
      return [`${placeOf(issue)}: allowed: ${issue.options.join(", ")}`];
    }
    return last.flatMap((inner) =>
      describe({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue),
    );
  }
  return [`${placeOf(issue)}: ${facts(issue)}`];
}

function placeOf(issue: z.core.$ZodIssue): string {
  const place = issue.path.map((part) =>
    typeof part === "number" ? `[${part}]` : `.${String(part)}`,
  );
  return place.join("").replace(/^\./, "") || "file";
}

/** Found and allowed, where zod says it in words of its own. */
function facts(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") {
    return `found ${issue.keys.map((key) => `"${key}"`).join(", ")}, allowed: only the known names`;
  }
  if (issue.code === "invalid_value") return `allowed: ${issue.values.map(String).join(", ")}`;
  if (issue.code !== "invalid_type") return issue.message;
  const [, found = "something else"] = /received (\w+)/.exec(issue.message) ?? [];
  return `found ${found === "undefined" ? "nothing" : found}, allowed: ${issue.expected}`;
}
