// Sleeves of a parameter file: in which an owner's collateral may work.
import { z } from "zod";
import { address, decimal, variance, whole } from "./fields.ts";
import { pair } from "./pairSchema.ts";

/** Venues that an allocator asks, each within what a read of the price may cost. */
const MOST_VENUES = 4;

/** Where assets of an allocator may be; a mock is an ERC-4626 token that the deployment creates. */
const venue = z.strictObject({
  address: z.union([z.literal("mock"), address]),
  cap: decimal,
  capBps: whole(0n, 100_00n),
  growthPpm: whole(1n, 5_000n),
});

/** What every sleeve has: its shares are an asset of the registry, on the feed of their asset. */
const shares = z.strictObject({
  asset: z.string(),
  cap: decimal,
  growthPpm: whole(10n, 5_000n),
  terms: z.strictObject({
    isCapped: z.boolean(),
    maxDebtShareBps: whole(0n, 140_00n),
    toleranceBps: whole(0n, 50_00n),
  }),
  /** As that of an asset: the variance of the same feed. */
  measure: z.strictObject({ stressVariance: variance(1n) }).optional(),
  pairs: z.array(pair.omit({ asset: true })).min(1, { error: "found none, allowed: at least one" }),
});

const allocator = shares.extend({
  kind: z.literal("allocator"),
  name: z.string().min(1),
  symbol: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]{0,11}$/, "allowed: letters and digits, first a letter"),
  bufferBps: whole(0n, 100_00n),
  feeBps: whole(0n, 30_00n),
  /** Who gets the shares of the fee; `"feeCollector"`: the holder of that role. */
  feeReceiver: z.union([z.literal("feeCollector"), address]).nullable(),
  venues: z
    .array(venue)
    .max(MOST_VENUES, { error: ({ input }) => tooMany(input as readonly unknown[]) }),
});

/** The lending pool of the asset: posted cash is lent, and earns what lenders earn. */
const pool = shares.extend({ kind: z.literal("pool") });

export const sleeve = z.discriminatedUnion("kind", [allocator, pool]);

function tooMany(venues: readonly unknown[]): string {
  return `found ${venues.length} venues, allowed: at most ${MOST_VENUES}`;
}
