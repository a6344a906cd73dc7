import { z } from "zod";
import { decimal, type Expectation, toExact } from "./compare.ts";
import type { Maths } from "./maths.ts";

const shape = z.strictObject({
  variance: decimal,
  floorVariance: decimal,
  stressVariance: decimal,
  theta: decimal,
  z: decimal,
  horizonSeconds: decimal,
  haircut: decimal,
});

/** σ is at most one wei high, z at most 2.4 in the files: with the exponent and the exponential that makes five wei. */
const MOST_WEI = 5n;

async function check(maths: Maths, one: z.infer<typeof shape>): Promise<readonly Expectation[]> {
  const varianceWad = await maths.effectiveVarianceUp(
    toExact(one.variance),
    toExact(one.floorVariance),
    toExact(one.stressVariance),
    toExact(one.theta),
  );
  const found = await maths.volatilityHaircutUp(
    varianceWad,
    toExact(one.z),
    toExact(one.horizonSeconds, 0),
  );
  return [{ what: "haircut", found, expected: one.haircut, rounded: "up", wei: MOST_WEI }];
}

/** The loss that a variance allows over a horizon. */
export const haircut = { shape, check };
