// Compares contracts and sdk with exact expected numbers.
//
//   npm run vectors                 the files in test/vectors
//   npm run vectors -- DIR          the files in another folder
//
// Every case is checked twice, in Solidity on an in-process chain and in the sdk. Files with unknown names are listed. The last
// two lines are `N unknown` and `N passed, N failed`; the exit code is 1 if a check failed.
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { Argument, Command } from "commander";
import { z } from "zod";
import { build } from "./build.ts";
import { root } from "./runTool.ts";
import { formatSummary } from "./testSummary.ts";
import { VECTOR_CHECKS, type VectorCase, type VectorCheck } from "./vectors/checks.ts";
import { complaintAbout } from "./vectors/compare.ts";
import { deployMaths, type Maths, sdkMaths } from "./vectors/maths.ts";

interface Tally {
  passed: number;
  failed: number;
  unknown: number;
}

const program = new Command("npm run vectors --")
  .description("Compares contracts and sdk with exact expected numbers.")
  .addArgument(
    new Argument("[dir]", "folder with vector files").default(
      path.join(root, "test", "vectors"),
      "test/vectors",
    ),
  )
  .option("--no-build", "use the contracts of the last build")
  .addHelpText("after", `\nKnown files: ${Object.keys(VECTOR_CHECKS).join(", ")}`)
  .parse();

const [folder = ""] = program.processedArgs as [string];

if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
  process.exitCode = await run();
} else {
  console.error(`vectors: no folder "${folder}" found; name one that holds vector files.`);
  process.exitCode = 1;
}

async function run(): Promise<number> {
  if (program.opts<{ build: boolean }>().build) {
    const built = await build("contracts");
    if (built.exitCode !== 0) return built.exitCode;
  }
  const implementations = [await deployMaths(), sdkMaths];
  const tally: Tally = { passed: 0, failed: 0, unknown: 0 };
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort();
  if (files.length === 0) console.log(`No vector files (*.json) in "${folder}".`);
  for (const file of files) await checkFile(file, implementations, tally);
  console.log(`\n${tally.unknown} unknown\n${formatSummary(tally)}`);
  return tally.failed === 0 ? 0 : 1;
}

async function checkFile(
  file: string,
  implementations: readonly Maths[],
  tally: Tally,
): Promise<void> {
  const name = path.basename(file, ".json");
  // a name from a folder may be that of a property which every object has
  const check = Object.hasOwn(VECTOR_CHECKS, name) ? VECTOR_CHECKS[name] : undefined;
  if (check === undefined) {
    tally.unknown += 1;
    console.log(`unknown   ${file}`);
    return;
  }
  const cases = readCases(path.join(folder, file), check);
  if (typeof cases === "string") {
    tally.failed += 1;
    console.log(`FAILED    ${file}: ${cases}`);
    return;
  }
  for (const maths of implementations) {
    const complaints = await complaintsOf(cases, maths);
    const failed = complaints.filter((list) => list.length > 0).length;
    tally.failed += failed;
    tally.passed += cases.length - failed;
    const word = failed === 0 ? "passed" : "FAILED";
    console.log(`${word}    ${file}, ${maths.name}: ${cases.length - failed} of ${cases.length}`);
    for (const [place, list] of complaints.entries()) {
      for (const complaint of list) console.log(`          case ${place}: ${complaint}`);
    }
  }
}

/** for each case, what is wrong with it */
function complaintsOf(
  cases: readonly VectorCase[],
  maths: Maths,
): Promise<readonly (readonly string[])[]> {
  return Promise.all(
    cases.map(async (one) => {
      try {
        const expectations = await one.check(maths);
        return expectations.map(complaintAbout).filter((complaint) => complaint !== undefined);
      } catch (error) {
        return [`could not be computed: ${messageOf(error)}`];
      }
    }),
  );
}

/** the cases of a file, or why it has none */
function readCases(file: string, check: VectorCheck): readonly VectorCase[] | string {
  try {
    return check.read(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (error instanceof z.ZodError) return `not of the known shape\n${z.prettifyError(error)}`;
    return `cannot be read: ${messageOf(error)}`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
