// Compiles the contracts and their tests, then writes what the TypeScript side reads of them.
import { fileURLToPath } from "node:url";
import { runScript, runTool, type ToolResult } from "./runTool.ts";

/** Runs the whole build and stops at the first step that fails. */
export async function build(): Promise<ToolResult> {
  const compiled = await runTool("hardhat", ["build"]);
  if (compiled.exitCode !== 0) return compiled;
  return runScript("scripts/codegen.ts", []);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = (await build()).exitCode;
}
