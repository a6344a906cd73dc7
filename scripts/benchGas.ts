// Gas of Surety's operations beside its peers', all measured in one run on one in-process chain.
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { format, resolveConfig } from "prettier";
import { measureAave } from "../bench/aave.ts";
import { compilePeers, PeersNotCompiled } from "../bench/compile.ts";
import { GAS_MARKERS, MarkersBroken, renderSection, replaceSection } from "../bench/document.ts";
import { FiguresInvalid, parseFigures } from "../bench/figures.ts";
import { type GridCell, measureGrid } from "../bench/grid.ts";
import { renderGridTables } from "../bench/gridReport.ts";
import { measureMorpho } from "../bench/morpho.ts";
import { installPeers, PeersMissing } from "../bench/packages.ts";
import { renderPage } from "../bench/page.ts";
import { type Measured, toJson, toRows } from "../bench/rows.ts";
import { measureSurety } from "../bench/surety.ts";
import { renderTable } from "../bench/table.ts";

interface Options {
  readonly json?: string;
  readonly html: string;
  readonly document: string;
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const command = new Command("bench:gas")
  .description(
    "Measures the gas of Surety's operations beside Morpho Blue and Aave v3 on one in-process chain, and sets it beside published " +
      "numbers of other peers. The first run installs the peers' packages into bench/node_modules and compiles them. Ends with a " +
      "table, a page with charts, and the section of docs/benchmarks.md.",
  )
  .allowExcessArguments(false)
  .option("--json <file>", "write the result for machines")
  .option("--html <file>", "where the page with charts goes", at("../out/gas.html"))
  .option(
    "--document <file>",
    "the Markdown file whose section is replaced",
    existing,
    at("../docs/benchmarks.md"),
  );

await main(command.parse().opts<Options>());

async function main(options: Options): Promise<void> {
  try {
    const figures = parseFigures(await readFile(at("../bench/figures.json"), "utf8"));
    // before anything that takes a minute
    replaceSection(await readFile(options.document, "utf8"), "", GAS_MARKERS);
    const rows = toRows(await measureAll(), figures);
    const cells = await measureSizes();
    if (options.json !== undefined) {
      await write(options.json, `${JSON.stringify(toJson(rows, cells, figures), null, 2)}\n`);
    }
    await write(options.html, renderPage(rows, cells));
    await writeSection(options.document, renderSection(rows, cells));
    process.stdout.write(
      `${renderTable(rows)}\n\n${renderGridTables(cells)}\n\nCharts: ${options.html}\nSection: ${options.document}\n`,
    );
  } catch (error) {
    if (!isExpected(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

function existing(path: string): string {
  if (!existsSync(path)) throw new InvalidArgumentError(`Found no file "${path}".`);
  return path;
}

function isExpected(error: unknown): error is Error {
  const kinds = [PeersMissing, PeersNotCompiled, FiguresInvalid, MarkersBroken];
  return kinds.some((kind) => error instanceof kind);
}

async function measureAll(): Promise<Measured> {
  // Hardhat takes seconds to load: not before the options are understood
  const { makeStage } = await import("./gas/makeStage.ts");
  installPeers(say);
  const compiled = compilePeers(say);
  const { stage, surety, close } = await makeStage();
  say("Measuring Surety.");
  const ofSurety = await measureSurety(stage, surety);
  say("Measuring Morpho Blue.");
  const morpho = await measureMorpho(stage, compiled);
  say("Measuring Aave v3.");
  const aave = await measureAave(stage, compiled);
  await close();
  return { surety: ofSurety, morpho, aave };
}

async function measureSizes(): Promise<readonly GridCell[]> {
  const { makeGridStage } = await import("./gas/makeStage.ts");
  say("Measuring Surety's accounts of 1 to 8 collaterals and 1 to 4 debts.");
  const { stage, close } = await makeGridStage();
  const cells = await measureGrid(stage);
  await close();
  return cells;
}

/** Progress goes to standard error: standard output is the table. */
function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

async function writeSection(path: string, section: string): Promise<void> {
  const document = replaceSection(await readFile(path, "utf8"), section, GAS_MARKERS);
  const config = (await resolveConfig(path)) ?? {};
  await write(path, await format(document, { ...config, parser: "markdown" }));
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
