import { z } from "zod";
import { decimal, type Expectation, toExact } from "./compare.ts";
import type { Maths } from "./maths.ts";

const PPM_DIGITS = 6;

const shape = z.strictObject({ value: decimal, depth: decimal, haircut: decimal, credit: decimal });

async function check(
  maths: Maths,
  { value, depth, haircut, credit }: z.infer<typeof shape>,
): Promise<readonly Expectation[]> {
  const found = await maths.creditDown(
    toExact(value),
    toExact(depth),
    toExact(haircut, PPM_DIGITS),
  );
  return [{ what: "credit", found, expected: credit, rounded: "down", wei: 1n }];
}

/** Credit of a collateral, marginal in its size against market depth. */
export const size = { shape, check };
