// Runs all tests on instrumented contracts and asks that every line is reached.
//
// Hardhat counts a line as missed when any statement on it is missed, so full line coverage is full
// statement coverage. Lines that no test can reach are listed, each with its reason, in
// test/coverage-exceptions.json. Gas and bytecode figures of such a run mean nothing.
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { build } from "./build.ts";
import { findMissedLines } from "./checks/lcov.ts";
import { root, runTool } from "./runTool.ts";

const exceptionsFile = "test/coverage-exceptions.json";
const exceptionsShape = z.array(
  z.strictObject({ file: z.string(), line: z.int().positive(), why: z.string().min(10) }),
);

const mochaFiles = globSync("test/**/*.test.ts", { cwd: root })
  .filter((file) => !file.startsWith(path.join("test", "gas")))
  .sort();
const solidityFiles = globSync("test/**/*.t.sol", { cwd: root }).sort();

// the sdk's tests read what is generated from the artifacts
const built = await build("contracts");
if (built.exitCode !== 0) process.exit(built.exitCode);

const run = await runTool("hardhat", ["test", "--coverage", ...solidityFiles, ...mochaFiles]);
if (run.exitCode === 0) {
  const report = readFileSync(path.join(root, "coverage", "lcov.info"), "utf8");
  const exceptions = exceptionsShape.parse(
    JSON.parse(readFileSync(path.join(root, exceptionsFile), "utf8")),
  );
  const complaints = findMissedLines(report, exceptions, {
    isCounted: (file) => /^contracts\/(?!mocks\/)/.test(file),
  });
  for (const complaint of complaints) console.error(complaint);
  console.log(complaints.length === 0 ? "coverage: complete" : "coverage: incomplete");
  process.exitCode = complaints.length === 0 ? 0 : 1;
} else {
  console.error("coverage: tests failed, so their coverage says nothing.");
  process.exitCode = 1;
}
