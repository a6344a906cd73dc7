// Compiles the contracts and their tests, then writes what the TypeScript side reads of them.
import { fileURLToPath } from "node:url";
import { runScript, runTool, type ToolResult } from "./runTool.ts";

/** `contracts` leaves out the Solidity tests, which take most of the time. */
export type BuildScope = "everything" | "contracts";

/** Runs the build and stops at the first step that fails. */
export async function build(scope: BuildScope = "everything"): Promise<ToolResult> {
  // captured: `npm run check` asks for warnings about our own files, and libraries print hundreds of theirs
  if (scope === "everything")
    console.log("build: contracts and tests; minutes where nothing is compiled yet");
  const tests = scope === "contracts" ? ["--no-tests"] : [];
  const compiled = await runTool("hardhat", ["build", ...tests], { show: "capture" });
  if (compiled.exitCode !== 0) console.error(compiled.output);
  if (compiled.exitCode !== 0) return compiled;
  return runScript("scripts/codegen.ts", []);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const scope = process.argv.includes("--contracts") ? "contracts" : "everything";
  process.exitCode = (await build(scope)).exitCode;
}
