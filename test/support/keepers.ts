// What tests ask of a keeper, look by look.
import { expect } from "chai";
import type { Keeper, StepReport } from "../../keeper/keeper.ts";

/** Looks until a look finds nothing to do of these kinds, one at most each; what was done, in order. */
export async function comeToRest(
  keeper: Keeper,
  outcomesOf: (report: StepReport) => StepReport["outcomes"],
): Promise<readonly string[]> {
  const done: string[] = [];
  for (let look = 0; look < 40; look += 1) {
    const found = outcomesOf(await keeper.step());
    expect(found.length).to.be.at.most(1);
    const [outcome] = found;
    if (outcome === undefined) return done;
    done.push(`${outcome.type} ${outcome.task.type}`);
  }
  throw new Error(`the keeper does not come to rest: ${done.join(", ")}`);
}
