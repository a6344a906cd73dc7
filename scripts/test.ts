// Runs every test and prints, as the last line alone, `N passed, N failed`.
//
//   npm test                                     everything
//   npm test -- test/unit/MathLib.t.sol          files or folders
//   npm test -- --grep "withdraw"                by name
//   npm run test:deep                            everything, with far more fuzz and invariant runs
import { globSync, statSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { build } from "./build.ts";
import { root, runScript, runTool, type ToolResult } from "./runTool.ts";
import { formatSummary, type RunnerResult, ranTests, summarise } from "./testSummary.ts";

/** Depths of `--deep`; a variable already set wins. */
const DEEP = {
  FUZZ_RUNS: "10000",
  INV_RUNS: "512",
  INV_DEPTH: "256",
  PLANNER_ACCOUNTS: "100000",
} as const;

interface Options {
  readonly deep?: true;
  readonly grep?: string;
}

interface Runner {
  readonly name: string;
  readonly run: () => Promise<ToolResult>;
}

const program = new Command("npm test --")
  .description("Runs the tests of contracts and TypeScript, the vectors and the size check.")
  .argument("[paths...]", "files or folders to run instead of everything")
  .option("--deep", "many more fuzz and invariant runs")
  .option("--grep <pattern>", "only tests whose name matches")
  .parse();

const options = program.opts<Options>();
const paths = program.args;

if (options.deep) {
  for (const [name, value] of Object.entries(DEEP)) process.env[name] ||= value;
}

const results: RunnerResult[] = [];
const built = await build();
if (built.exitCode === 0) {
  for (const { name, run } of plan()) results.push({ name, ...(await run()) });
} else {
  results.push({ name: "build", ...built });
}

const summary = summarise(relevantResults());
if (summary.remarks.length > 0) console.log(`\n${summary.remarks.join("\n")}`);
console.log(`\n${formatSummary(summary)}`);
process.exitCode = summary.failed === 0 ? 0 : 1;

/** With --grep one of the runners may have nothing to say; both may not. */
function relevantResults(): readonly RunnerResult[] {
  const relevant = results.filter(
    (result) => options.grep === undefined || result.exitCode !== 0 || ranTests(result),
  );
  return relevant.length > 0 ? relevant : [{ name: "selection", output: "", exitCode: 1 }];
}

/** What to run: everything, or of the two runners those that own a selected file. */
function plan(): readonly Runner[] {
  const selected = paths.length > 0 || options.grep !== undefined;
  const solidity = testFiles(".t.sol");
  const mocha = testFiles(".test.ts");
  const runners: Runner[] = [];
  if (solidity.length > 0) runners.push(hardhat("solidity", solidity));
  if (mocha.length > 0) runners.push(hardhat("mocha", mocha));
  if (!selected) {
    runners.push(
      { name: "vectors", run: () => runScript("scripts/vectors.ts", ["--no-build"]) },
      { name: "sizes", run: () => runScript("scripts/snapshots.ts", ["--check"]) },
    );
  }
  return runners;
}

function hardhat(runner: "solidity" | "mocha", files: readonly string[]): Runner {
  const grep = options.grep === undefined ? [] : ["--grep", options.grep];
  const args = ["test", runner, "--no-compile", ...grep, ...files];
  return { name: runner, run: () => runTool("hardhat", args) };
}

/** Test files under the selected paths, or under test/, relative to the root. */
function testFiles(ending: string): readonly string[] {
  return (paths.length > 0 ? paths : ["test"]).flatMap((selected) => {
    const relative = path.relative(root, path.resolve(selected));
    if (!statSync(selected, { throwIfNoEntry: false })?.isDirectory()) {
      return relative.endsWith(ending) ? [relative] : [];
    }
    return globSync(`${relative || "."}/**/*${ending}`, {
      cwd: root,
      exclude: (name) => name.includes("node_modules"),
    }).sort();
  });
}
