// Builds, then asks the questions that need no test run. Each job answers one; all are asked, and
// the exit code is 0 only if all answers are yes.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { build } from "./build.ts";
import { checkWarnings } from "./checks/compilerWarnings.ts";
import { checkImports } from "./checks/importRule.ts";
import { findAddresses } from "./checks/lockfile.ts";
import { root, runTool, type ToolResult } from "./runTool.ts";

interface Job {
  readonly name: string;
  readonly question: string;
  readonly run: () => Promise<ToolResult>;
}

const capture = { show: "capture" } as const;

const jobs: readonly Job[] = [
  {
    name: "format",
    question: "Is every file formatted? (npm run format)",
    run: () => runTool("prettier", ["--check", "--log-level", "warn", "."], capture),
  },
  {
    name: "compiler",
    question: "Is the compiler silent about our contracts and tests?",
    run: async () => fromComplaints(checkWarnings(root)),
  },
  {
    name: "solidity lint",
    question: "Do contracts and their tests follow the rules solhint holds?",
    run: () =>
      runTool(
        "solhint",
        ["--max-warnings", "0", "--disc", "--noPoster", ...solidityGlobs()],
        capture,
      ),
  },
  {
    name: "typescript lint",
    question: "Does the TypeScript follow the rules biome holds?",
    run: () => runTool("biome", ["lint", "--error-on-warnings"], capture),
  },
  { name: "types", question: "Do the types fit together?", run: checkTypes },
  {
    name: "import rule",
    question: "Does every folder import only what it may?",
    run: async () => fromComplaints(checkImports(root)),
  },
  {
    name: "lock file",
    question: "Are the lock files free of addresses?",
    run: async () =>
      fromComplaints(["package-lock.json", "bench/package-lock.json"].flatMap(lockAddresses)),
  },
];

const built = await build();
if (built.exitCode !== 0) {
  console.error("\ncheck: the build failed; nothing was checked.");
  process.exit(1);
}

console.log();
const failed: string[] = [];
for (const { name, question, run } of jobs) {
  const { exitCode, output } = await run();
  console.log(`${exitCode === 0 ? "yes" : "NO "}  ${name}: ${question}`);
  if (exitCode === 0) continue;
  failed.push(name);
  console.log(`\n${output.trimEnd()}\n`);
}
console.log(
  failed.length === 0 ? "\ncheck: all in order" : `\ncheck: failed: ${failed.join(", ")}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

function lockAddresses(file: string): readonly string[] {
  return findAddresses(readFileSync(path.join(root, file), "utf8"), file);
}

function solidityGlobs(): readonly string[] {
  return ["bench/contracts", "contracts", "test"]
    .filter((folder) => existsSync(path.join(root, folder)))
    .map((folder) => `${folder}/**/*.sol`);
}

/** The app runs in a browser and has a configuration of its own. */
async function checkTypes(): Promise<ToolResult> {
  const projects = [".", "app"].filter((folder) =>
    existsSync(path.join(root, folder, "tsconfig.json")),
  );
  const results: ToolResult[] = [];
  for (const project of projects) {
    results.push(await runTool("tsc", ["--pretty", "false", "-p", project], capture));
  }
  return {
    output: results.map(({ output }) => output).join(""),
    exitCode: Math.max(...results.map(({ exitCode }) => exitCode)),
  };
}

function fromComplaints(complaints: readonly string[]): ToolResult {
  return { output: complaints.join("\n"), exitCode: complaints.length === 0 ? 0 : 1 };
}
