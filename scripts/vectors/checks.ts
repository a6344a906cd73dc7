// The vector files that are known, by name. A new kind of vector is a new line here.
import { z } from "zod";
import type { Expectation } from "./compare.ts";
import { haircut } from "./haircut.ts";
import { liquidation } from "./liquidation.ts";
import type { Maths } from "./maths.ts";
import { size } from "./size.ts";
import { ewma, pair } from "./variance.ts";
import { waterfall } from "./waterfall.ts";

/** How the cases of one kind of file are checked. */
export interface VectorCheck {
  /** the cases of a parsed file; throws what zod throws */
  read(content: unknown): readonly VectorCase[];
}

/** One case of a file, ready to be checked against any implementation. */
export interface VectorCase {
  check(maths: Maths): Promise<readonly Expectation[]>;
}

/** By file name without its ending. */
export const VECTOR_CHECKS: Readonly<Record<string, VectorCheck>> = {
  ewma: checkOf(ewma.shape, ewma.check),
  haircut: checkOf(haircut.shape, haircut.check),
  liquidation: checkOf(liquidation.shape, liquidation.check),
  pair: checkOf(pair.shape, pair.check),
  size: checkOf(size.shape, size.check),
  waterfall: checkOf(waterfall.shape, waterfall.check),
};

/** A file of cases of one shape, each checked in one way. */
function checkOf<Shape extends z.ZodType>(
  shape: Shape,
  check: (maths: Maths, one: z.infer<Shape>) => Promise<readonly Expectation[]>,
): VectorCheck {
  const file = z.strictObject({ about: z.string(), cases: z.array(shape).min(1) });
  return {
    read: (content) =>
      file.parse(content).cases.map((one) => ({ check: (maths) => check(maths, one) })),
  };
}
