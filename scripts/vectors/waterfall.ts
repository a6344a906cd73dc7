import { z } from "zod";
import { decimal, type Expectation, toExact } from "./compare.ts";
import type { Maths } from "./maths.ts";

const shape = z
  .strictObject({ loss: decimal, layers: z.array(decimal).min(1), borne: z.array(decimal) })
  .refine(({ layers, borne }) => layers.length === borne.length, {
    message: "there must be as many numbers in borne as in layers",
  });

async function check(
  maths: Maths,
  { loss, layers, borne }: z.infer<typeof shape>,
): Promise<readonly Expectation[]> {
  const expectations: Expectation[] = [];
  let rest = toExact(loss);
  for (const [place, layer] of layers.entries()) {
    const step = await maths.bear(rest, toExact(layer));
    rest = step.rest;
    expectations.push({
      what: `layer ${place}`,
      found: step.borne,
      expected: borne[place] ?? "0",
      rounded: "nearest",
      wei: 0n,
    });
  }
  return expectations;
}

/** A loss borne by layers in order, exact. */
export const waterfall = { shape, check };
