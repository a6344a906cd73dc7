import { once } from "node:events";
import { globSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig } from "hardhat/config";
import type { HardhatPlugin } from "hardhat/types/plugins";
import type { CompilerInput, CompilerOutput } from "hardhat/types/solidity";
import { PACKAGE_FILES } from "./scripts/contractFiles.ts";

/** How often the optimizer expects each opcode to run: deployments are rare, calls are not. */
const OPTIMIZER_RUNS = 200;

// Depths of the Solidity tests. `npm run test:deep` raises them through the environment.
const fuzzRuns = positiveInteger("FUZZ_RUNS", 256);
const invariantRuns = positiveInteger("INV_RUNS", 64);
const invariantDepth = positiveInteger("INV_DEPTH", 64);

// Instrumented contracts are three times as large: their creation needs more gas than a transaction may have.
const withoutGasCap = process.argv.includes("--coverage")
  ? ({ transactionGasCap: false, blockGasLimit: 200_000_000 } as const)
  : {};

const compiler = {
  version: "0.8.37",
  // The compiler is an npm package, so that nothing is downloaded outside the lock file.
  path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
  settings: {
    evmVersion: "cancun",
    optimizer: { enabled: true, runs: OPTIMIZER_RUNS },
    metadata: { bytecodeHash: "none" },
    outputSelection: { "*": { "*": ["storageLayout"] } },
  },
};

// Compiled through the IR, which takes a tenth off what these execute themselves. Only here: it takes ten seconds for each, and
// minutes for all and the tests.
const throughIr = (runs: number) => ({
  ...compiler,
  settings: { ...compiler.settings, viaIR: true, optimizer: { enabled: true, runs } },
});

// The compiler's usual steps without "F", the specialiser, which makes a copy of a function for each constant that it is called with:
// a tenth of the size of a room, and 1 % of its gas, which more runs bring back.
const STEPS =
  "dhfoDgvulfnTUtnIf[xa[r]EscLMcCTUtTOntnfDIulLculVcul[j]Tpeulxa[rul]xa[r]cLgvifCTUca[r]LSsTOtfDnca[r]Iulc]jmul[jul]VcTOculjmul:fDnTOcmu";
const withoutCopies = (runs: number) => {
  const details = { yul: true, yulDetails: { optimizerSteps: STEPS } };
  const optimizer = { enabled: true, runs, details };
  return { ...compiler, settings: { ...compiler.settings, viaIR: true, optimizer } };
};
const overrides = {
  "contracts/LendingPool.sol": throughIr(1_000_000),
  "contracts/VaultUpkeep.sol": throughIr(1_000_000),
  // as many runs as the limit of size allows
  "contracts/CollateralVault.sol": withoutCopies(1_000),
  "contracts/VaultLiquidation.sol": withoutCopies(OPTIMIZER_RUNS),
  // what it shares with CollateralVault has no room on the stack otherwise
  "contracts/VaultReuse.sol": withoutCopies(OPTIMIZER_RUNS),
};

/** In how many jobs the Solidity tests are compiled: one alone would keep one core busy for minutes, and the others idle. */
const TEST_JOBS = 4;

/** Tests are run a few times and never deployed: what optimising them would take is more than it would save. */
const TEST_OPTIMIZER = { enabled: false };

/**
 * Hardhat leaves one core idle, starts the long jobs first, and makes one job of all files that share an object of settings, in a
 * process each. Here a job has a thread, each core one, and the tests are dealt to several.
 */
const everyCore: HardhatPlugin = {
  id: "every-core",
  hookHandlers: {
    config: async () => ({
      default: async () => ({
        resolveUserConfig: async (userConfig, resolveVariable, next) => {
          const config = await next(userConfig, resolveVariable);
          const tests = globSync("test/**/*.sol", { cwd: config.paths.root }).sort();
          for (const { compilers, overrides } of Object.values(config.solidity.profiles)) {
            const [settings] = compilers;
            if (settings === undefined) continue;
            const jobs = Array.from({ length: TEST_JOBS }, () => ({
              ...settings,
              settings: { ...settings.settings, optimizer: TEST_OPTIMIZER },
            }));
            for (const [index, file] of tests.entries()) {
              const job = jobs[index % TEST_JOBS];
              if (job !== undefined) overrides[file.split(path.sep).join("/")] = job;
            }
          }
          return config;
        },
      }),
    }),
    solidity: async () => ({
      default: async () => ({
        build: (context, rootFilePaths, options, next) =>
          next(context, rootFilePaths, { ...options, concurrency: os.availableParallelism() }),
        getCompiler: async (context, config, next) => {
          const compiler = await next(context, config);
          const { version, longVersion, compilerPath, isSolcJs } = compiler;
          if (!isSolcJs) return compiler;
          const compile = (input: CompilerInput) => compileInThread(compilerPath, input);
          return { version, longVersion, compilerPath, isSolcJs, compile };
        },
      }),
    }),
  },
};

async function compileInThread(compiler: string, input: CompilerInput): Promise<CompilerOutput> {
  const worker = new Worker(new URL("scripts/solcWorker.mjs", import.meta.url), {
    workerData: { compiler: pathToFileURL(compiler).href, input: JSON.stringify(input) },
  });
  const [output] = await once(worker, "message");
  return JSON.parse(output);
}

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, everyCore],
  solidity: {
    // Hardhat deploys with the production profile. It says the same here, so that what was tested is
    // what is deployed. Each profile has its own cache: `--build-profile default` saves a compile.
    profiles: {
      default: { compilers: [compiler], overrides, isolated: false },
      production: { compilers: [compiler], overrides, isolated: false },
    },
    npmFilesToBuild: PACKAGE_FILES,
  },
  paths: {
    sources: "contracts",
    tests: { mocha: "test", solidity: "test" },
    ignition: "deploy",
  },
  test: {
    solidity: {
      // Each call of a test is a transaction, so that nothing transient outlives it.
      isolate: true,
      fuzz: { runs: fuzzRuns },
      invariant: { runs: invariantRuns, depth: invariantDepth, failOnRevert: true },
    },
    mocha: { timeout: 120_000, parallel: true, jobs: os.availableParallelism() },
  },
  coverage: {
    skipFiles: ["contracts/mocks/**"],
  },
  networks: {
    // The contract size limit holds here too; it is left unset because an explicit value would also
    // hold under coverage, whose instrumented bytecode is larger.
    default: { type: "edr-simulated", chainType: "l1", ...withoutGasCap },
    localhost: { type: "http", chainType: "l1", url: "http://127.0.0.1:8545" },
    sepolia: {
      type: "http",
      chainType: "l1",
      url: configVariable("SEPOLIA_RPC_URL"),
      accounts: [configVariable("DEPLOYER_PRIVATE_KEY")],
    },
    baseSepolia: {
      type: "http",
      chainType: "op",
      url: configVariable("BASE_SEPOLIA_RPC_URL"),
      accounts: [configVariable("DEPLOYER_PRIVATE_KEY")],
    },
  },
});

function positiveInteger(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return fallback;
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new RangeError(`${name} must be a whole number from 1 to 999999999, found "${text}".`);
  }
  return Number(text);
}
