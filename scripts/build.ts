// Compiles the contracts and their tests, then writes what the TypeScript side reads of them.
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { protocolFiles } from "./contractFiles.ts";
import { root, runScript, runTool, type ToolResult } from "./runTool.ts";

/** `contracts` leaves out the Solidity tests, which take most of the time; `protocol` also what only tests use. */
export type BuildScope = "everything" | "contracts" | "protocol";

/** Runs the build and stops at the first step that fails. */
export async function build(scope: BuildScope = "everything"): Promise<ToolResult> {
  // captured: `npm run check` asks for warnings about our own files, and libraries print hundreds of theirs
  if (scope === "everything")
    console.log("build: contracts and tests; minutes where nothing is compiled yet");
  else if (!existsSync(path.join(root, "artifacts")))
    console.log("build: the contracts, for the first time; a minute or two");
  const tests = scope === "everything" ? [] : ["--no-tests"];
  const files = scope === "protocol" ? protocolFiles(root) : [];
  const compiled = await runTool("hardhat", ["build", ...tests, ...files], { show: "capture" });
  if (compiled.exitCode !== 0) console.error(compiled.output);
  if (compiled.exitCode !== 0) return compiled;
  return runScript("scripts/codegen.ts", []);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const scopes = ["contracts", "protocol"] as const;
  const scope = scopes.find((name) => process.argv.includes(`--${name}`)) ?? "everything";
  process.exitCode = (await build(scope)).exitCode;
}
