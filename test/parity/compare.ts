// Asks a library on the chain and its mirror in the sdk the same questions, and wants the same answers to the unit, failures
// included. Many questions go into one call.
import { type Interface, Result } from "ethers";
import fc from "fast-check";
import { network } from "hardhat";

/** Questions for each function; `PARITY_RUNS` raises it. */
const RUNS = positiveInteger("PARITY_RUNS", 300);
/** The same questions every time, unless `PARITY_SEED` says otherwise. */
const SEED = positiveInteger("PARITY_SEED", 20_200_312);
/** Most questions in one call. */
const BATCH = 50;

/** A failure names its question itself; to make it smaller would cost minutes of calls. */
const SETTINGS = {
  seed: SEED,
  numRuns: Math.ceil((2 * RUNS) / BATCH),
  endOnFailure: true,
} as const;

/** What a function gives: one value, or several by name. */
type Answer = bigint | boolean | string | { readonly [name: string]: Answer } | readonly Answer[];

/** A contract whose functions are the library's, and `tryAll`. */
interface Harness {
  readonly interface: Interface;
  tryAll(calls: string[]): Promise<readonly { readonly success: boolean; readonly data: string }[]>;
}

/** One test of one function of a library, named as it is on the chain. */
type Same = <Args extends readonly unknown[]>(
  library: string,
  name: string,
  args: fc.Arbitrary<Args>,
  mirror: (...args: Args) => Answer,
) => void;

/** The same where all functions are of one library. */
type SameInOne = <Args extends readonly unknown[]>(
  name: string,
  args: fc.Arbitrary<Args>,
  mirror: (...args: Args) => Answer,
) => void;

/** In a `describe`: deploys a harness before its tests, and gives what makes them. */
export function sameOn(contract: string): Same {
  let harness: Harness;
  before(async () => {
    harness = await deployHarness(contract);
  });
  return (library, name, args, mirror) => {
    it(`${library}.${name}`, () => expectParity(harness, name, args, mirror));
  };
}

/** As `sameOn`, of a harness with one library. */
export function sameIn(library: string, contract: string): SameInOne {
  const same = sameOn(contract);
  return (name, args, mirror) => same(library, name, args, mirror);
}

/** A harness on an in-process chain of its own. */
async function deployHarness(name: string): Promise<Harness> {
  const { ethers } = await network.create();
  const contract = await ethers.deployContract(name);
  return {
    interface: contract.interface,
    tryAll: (calls) => contract.getFunction("tryAll").staticCall(calls),
  };
}

/** Fails, with the seed and the question, where chain and sdk differ on some arguments. */
async function expectParity<Args extends readonly unknown[]>(
  harness: Harness,
  name: string,
  arguments_: fc.Arbitrary<Args>,
  mirror: (...args: Args) => Answer,
): Promise<void> {
  const batches = fc.array(arguments_, { minLength: 1, maxLength: BATCH, size: "max" });
  let answered = 0;
  let asked = 0;
  const property = fc.asyncProperty(batches, async (questions) => {
    const calls = questions.map((args) => harness.interface.encodeFunctionData(name, args));
    const outcomes = await harness.tryAll(calls);
    for (const [index, args] of questions.entries()) {
      const chain = decode(harness.interface, name, outcomes[index]);
      const sdk = answerOf(() => mirror(...args));
      asked += 1;
      if (chain !== FAILED) answered += 1;
      if (show(chain) === show(sdk)) continue;
      throw new Error(
        `${name}(${show(args)}): the chain gives ${show(chain)}, the sdk ${show(sdk)}`,
      );
    }
  });
  await fc.assert(property, SETTINGS);
  if (answered * 2 < asked) {
    throw new Error(
      `${name}: only ${answered} of ${asked} questions have an answer; ask better ones.`,
    );
  }
}

/** A failure, whatever its kind: the chain panics where the sdk throws. */
const FAILED = "fails";

function answerOf(ask: () => Answer): Answer {
  try {
    return ask();
  } catch {
    return FAILED;
  }
}

function decode(
  abi: Interface,
  name: string,
  outcome: { readonly success: boolean; readonly data: string } | undefined,
): Answer {
  if (outcome === undefined) throw new Error(`${name}: the harness left a question out.`);
  if (!outcome.success) return FAILED;
  const values = abi.decodeFunctionResult(name, outcome.data);
  return values.length === 1 ? toAnswer(values[0]) : toAnswer(values);
}

function toAnswer(value: unknown): Answer {
  if (value instanceof Result) {
    const named = Object.entries(value.toObject()).filter(([key]) => key !== "_");
    if (named.length < value.length) return value.toArray().map(toAnswer);
    return Object.fromEntries(named.map(([key, part]) => [key, toAnswer(part)]));
  }
  if (typeof value === "bigint" || typeof value === "boolean" || typeof value === "string") {
    return value;
  }
  throw new TypeError(
    `An answer of type ${typeof value} found; a number, truth, text or struct is allowed.`,
  );
}

/** the same text for the same facts, whatever the order of fields */
function show(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === "bigint") return `${part}`;
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** A depth from the environment. Throws `RangeError`. */
export function positiveInteger(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return fallback;
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new RangeError(`${name} must be a whole number from 1 to 999999999, found "${text}".`);
  }
  return Number(text);
}
