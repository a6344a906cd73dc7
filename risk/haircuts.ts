// Haircuts from prices, and how they would have done: npm run haircuts -- --prices FILE...
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { SingleBar } from "cli-progress";
import { Command, Option } from "commander";
import { toSvgFile } from "../sdk/charts/chart.ts";
import { PPM, WAD } from "../sdk/mathLib.ts";

import { type PriceFile, PriceFileError, readPriceFile } from "../sdk/priceFile.ts";
import { shareChart } from "./haircutCharts.ts";
import { renderReport } from "./haircutReport.ts";
import { toJson } from "./haircutsJson.ts";
import { renderTable } from "./haircutTable.ts";
import { InputError } from "./inputError.ts";
import { defaultCollaterals, joinPrices, observe, type PriceHistory } from "./joinPrices.ts";
import { type AssetResult, type Choices, measure } from "./measure.ts";
import { parseHorizon, parsePercent, parseVariance } from "./options.ts";
import { type Output, writeOutputs } from "./writeOutputs.ts";

interface Options {
  readonly prices?: readonly string[];
  readonly collateral?: readonly string[];
  readonly obligation: string;
  readonly horizonInitial: bigint; // [s]
  readonly horizonMaintenance: bigint; // [s]
  readonly stressVariance?: bigint; // [wad a year]
  readonly floorVariance?: bigint; // [wad a year]
  readonly seed?: bigint; // [wad a year]
  readonly stressShare: bigint; // [ppm]
  readonly floor: bigint; // [ppm]
  readonly cap: bigint; // [ppm]
  readonly peg: bigint; // [ppm]
  readonly json?: string;
  readonly svg?: string;
  readonly html: string;
}

const HOURLY = fileURLToPath(new URL("./prices/hourly/", import.meta.url));
const DEFAULT_HTML = fileURLToPath(new URL("../out/haircuts.html", import.meta.url));

const command = new Command("haircuts")
  .description(
    "Measures haircuts from prices as the chain would have had them in force, and counts how often a loss over the " +
      "horizon was beyond them: 1 % of the horizons is promised at the initial level, 5 % at maintenance. Ends with a " +
      "table and a page with charts. Defaults and their reasons: docs/parameters.md.",
  )
  .option("--prices <file...>", "price files, joined in time order (default: risk/prices/hourly)")
  .option(
    "--collateral <name...>",
    "assets to measure (default: every token in the files that is no stablecoin)",
  )
  .option("--obligation <name>", "what is owed: USD or a column", "USD")
  .addOption(
    given(
      "--horizon-initial <time>",
      "T of the initial haircut: minutes m, hours h or days d",
      parseHorizon,
      "5d",
    ),
  )
  .addOption(
    given("--horizon-maintenance <time>", "T of the maintenance haircut", parseHorizon, "2d"),
  )
  .option(
    "--stress-variance <variance>",
    "annual variance of a stress (default: by asset)",
    parseVariance,
  )
  .option(
    "--floor-variance <variance>",
    "lowest annual variance (default: by asset)",
    parseVariance,
  )
  .option(
    "--seed <variance>",
    "annual variance before the first price (default: the stress variance)",
    parseVariance,
  )
  .addOption(given("--stress-share <percent>", "weight of the stress variance", parsePercent, "25"))
  .addOption(given("--floor <percent>", "lowest haircut", parsePercent, "0.1"))
  .addOption(given("--cap <percent>", "highest haircut", parsePercent, "100"))
  .addOption(given("--peg <percent>", "haircut for the break of a peg", parsePercent, "0"))
  .option("--json <file>", "write the result for machines")
  .option("--svg <file>", "draw the shares beyond as an SVG file")
  .option("--html <file>", "where the page with charts goes", DEFAULT_HTML);

await main(command.parse().opts<Options>());

/** An option with a default, written as people write it. */
function given(
  flags: string,
  description: string,
  parse: (text: string) => bigint,
  text: string,
): Option {
  return new Option(flags, description).argParser(parse).default(parse(text), text);
}

async function main(options: Options): Promise<void> {
  try {
    const choices = choicesOf(options);
    const history = await readHistory(options.prices ?? defaultPrices());
    const results = measureAll(history, options, choices);
    await writeOutputs(outputsOf(options, history, results));
    process.stdout.write(`${renderTable(results)}\nCharts: ${options.html}\n`);
  } catch (error) {
    if (!(error instanceof PriceFileError || error instanceof InputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

function choicesOf(options: Options): Choices {
  requireOrder(
    `--horizon-maintenance of ${options.horizonMaintenance} s and --horizon-initial of ${options.horizonInitial} s`,
    options.horizonMaintenance <= options.horizonInitial,
    "a maintenance horizon up to the initial one",
  );
  requireOrder(
    `--floor of ${options.floor} ppm and --cap of ${options.cap} ppm`,
    options.floor <= options.cap,
    "a floor up to the cap",
  );
  return {
    seedWad: options.seed,
    stressWad: options.stressVariance,
    floorWad: options.floorVariance,
    stressShareWad: (options.stressShare * WAD) / PPM,
    initialHorizonFor: options.horizonInitial,
    maintenanceHorizonFor: options.horizonMaintenance,
    pegPpm: options.peg,
    floorPpm: options.floor,
    capPpm: options.cap,
  };
}

function requireOrder(found: string, isRight: boolean, allowed: string): void {
  if (!isRight) throw new InputError({ found, allowed, whatToDo: "Change one of the two." });
}

function defaultPrices(): readonly string[] {
  return globSync("*.csv", { cwd: HOURLY }).map((name) => `${HOURLY}${name}`);
}

async function readHistory(paths: readonly string[]): Promise<PriceHistory> {
  const files: PriceFile[] = [];
  const bar = startBar("reading prices", paths.length);
  try {
    for (const path of paths) {
      files.push(await readPriceFile(path, readFile, "leftOut"));
      bar.update(files.length);
    }
  } finally {
    bar.stop();
  }
  return joinPrices(files);
}

function measureAll(
  history: PriceHistory,
  options: Options,
  choices: Choices,
): readonly AssetResult[] {
  const { obligation } = options;
  const assets = [...new Set(options.collateral ?? defaultCollaterals(history, obligation))];
  requireAssets(history, assets, obligation);
  const inputs = assets.map((asset) => ({
    asset,
    observations: observe(history, asset, obligation),
  }));
  const bar = startBar("measuring", inputs.length);
  try {
    return inputs.map(({ asset, observations }, index) => {
      bar.update(index, { task: `measuring ${asset}` });
      const result = measure(asset, obligation, observations, choices);
      bar.update(index + 1);
      return result;
    });
  } finally {
    bar.stop();
  }
}

function startBar(task: string, total: number): SingleBar {
  const bar = new SingleBar({
    format: "{task} [{bar}] {value}/{total}  {duration_formatted}",
    noTTYOutput: false,
  });
  bar.start(total, 0, { task });
  return bar;
}

function requireAssets(
  { prices, files }: PriceHistory,
  assets: readonly string[],
  obligation: string,
): void {
  if (assets.length > 0 && !assets.includes(obligation)) return;
  throw new InputError({
    found:
      assets.length === 0
        ? `no asset beside ${obligation} in ${files.join(", ")}`
        : `${obligation} as collateral and as obligation`,
    allowed: `collateral that is not the obligation; the files hold ${[...prices.keys()].join(", ") || "no prices"}`,
    whatToDo: "Change --collateral or --obligation, or add a file.",
  });
}

function outputsOf(
  options: Options,
  history: PriceHistory,
  results: readonly AssetResult[],
): readonly Output[] {
  const { obligation, json, svg, html } = options;
  const outputs: Output[] = [
    { option: "--html", path: html, text: renderReport(history, obligation, results) },
  ];
  if (json !== undefined) {
    const text = `${JSON.stringify(toJson(history, obligation, results), null, 2)}\n`;
    outputs.push({ option: "--json", path: json, text });
  }
  if (svg !== undefined) {
    const text = toSvgFile(
      shareChart(results),
      { width: 760, height: 360 },
      "shares",
      "Share of the horizons with a loss beyond the haircut, by asset and level, each with its promise as a red mark",
    );
    outputs.push({ option: "--svg", path: svg, text });
  }
  return outputs;
}
