import { spawn } from "node:child_process";
import path from "node:path";
import { expect } from "chai";
import { JsonRpcProvider, toBeHex, Wallet } from "ethers";
import { NodeUnreachable, SignerMissing, VaultNotFound } from "../../keeper/failures.ts";
import { runKeeper } from "../../keeper/run.ts";
import { createLogger } from "../../keeper/log.ts";
import { Sender } from "../../keeper/sender.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { SuretyError } from "../../sdk/errors.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import { keyOf, type LocalNode, startNode } from "../support/localNode.ts";
import { startProxy, type Verdict } from "../support/nodeProxy.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const KEEPER = 10;

interface Line {
  readonly msg: string;
  readonly [name: string]: unknown;
}

interface Ended {
  readonly exitCode: number | null;
  readonly lines: readonly Line[];
  readonly output: string;
}

interface RunningProgram {
  readonly ended: Promise<Ended>;
  readonly seen: (msg: string) => Promise<void>;
  readonly signal: (name: NodeJS.Signals) => void;
}

/** Starts the keeper as `npm run keeper` does. */
function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): RunningProgram {
  const child = spawn(process.execPath, ["keeper/main.ts", ...args], {
    cwd: ROOT,
    env: { ...process.env, KEEPER_PRIVATE_KEY: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const watchers: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      for (const watcher of watchers) watcher();
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, lines: linesOf(output), output }));
  });
  const seen = (msg: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (output.includes(`"msg":"${msg}"`)) resolve();
      };
      watchers.push(look);
      look();
      ended.then(() => reject(new Error(`ended without "${msg}": ${output}`)), reject);
    });
  return { ended, seen, signal: (name) => void child.kill(name) };
}

function linesOf(output: string): readonly Line[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);
}

describe("keeper program", () => {
  let node: LocalNode;
  let system: LocalSystem;
  let restore: () => Promise<void>;

  before(async () => {
    node = await startNode();
    system = await deployLocalSystem(node.signers, { assets: ["WETH"], pools: ["USDC"] });
    const [, , , , , , owner, lender] = node.signers;
    if (owner === undefined || lender === undefined) throw new Error("too few accounts");
    await system.lend("USDC", lender, 100_000n * 10n ** 6n);
    const keeper = new Wallet(keyOf(KEEPER)).address;
    await system.mint("USDC", keeper, 100_000n * 10n ** 6n);
    const holding = 10n * 10n ** 18n;
    await system.mint("WETH", owner, holding);
    const weth = system.asset("WETH");
    await (await weth.token.connect(owner).approve(system.vaultAddress, holding)).wait();
    const opened = system.vault
      .connect(owner)
      .depositAndBorrow(
        toAccountId(owner.address, 0n),
        weth.address,
        holding,
        system.pool("USDC").id,
        18_000n * 10n ** 6n,
        owner.address,
      );
    await (await opened).wait();
  });

  after(() => node.close());

  beforeEach(async () => {
    restore = await node.snapshot();
  });

  afterEach(() => restore());

  function arguments_(...more: readonly string[]): readonly string[] {
    return ["--rpc", node.url, "--vault", system.vaultAddress, ...more];
  }

  /** Waits until a transaction waits to be mined. */
  async function pooled(): Promise<void> {
    for (;;) {
      const block = await node.provider.send("eth_getBlockByNumber", ["pending", false]);
      if (block.transactions.length > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it("names every bad option with its rule and value", async () => {
    const bad = ["--rpc", "ftp://x", "--vault", "0x12", "--poll-interval-ms", "fast"];
    const { exitCode, lines } = await start(bad).ended;
    expect(exitCode).to.equal(1);
    expect(lines.map(({ msg, name }) => [msg, name])).to.have.deep.members([
      ["bad option", "--rpc"],
      ["bad option", "--vault"],
      ["bad option", "--poll-interval-ms"],
    ]);
    expect(lines.find(({ name }) => name === "--vault")).to.include({ value: '"0x12"' });
  });

  it("asks for the key by the name of its variable and never prints it", async () => {
    const missing = await start(arguments_()).ended;
    expect(missing.exitCode).to.equal(1);
    expect(missing.lines[0]).to.include({ msg: "bad option", name: "KEEPER_PRIVATE_KEY" });
    const named = ["--private-key-env", "MY_KEY"];
    const wrong = await start(arguments_(...named), { MY_KEY: "0xsecret" }).ended;
    expect(wrong.exitCode).to.equal(1);
    expect(wrong.lines[0]).to.include({ name: "MY_KEY", value: "8 secret characters" });
    expect(wrong.output).to.not.include("0xsecret");
  });

  it("says which node does not answer, without the path that may be a key", async () => {
    const dead = ["--rpc", "http://127.0.0.1:1/v3/SECRET", "--vault", system.vaultAddress];
    const { exitCode, lines, output } = await start([...dead, "--dry-run"]).ended;
    expect(exitCode).to.equal(1);
    expect(lines.at(-1)).to.include({ msg: "keeper failed", error: "NodeUnreachable" });
    expect(output).to.include("127.0.0.1:1").and.not.include("SECRET");
  });

  it("says that there is no vault", async () => {
    const empty = `0x${"11".repeat(20)}`;
    const nothing = await start(["--rpc", node.url, "--vault", empty, "--dry-run"]).ended;
    expect(nothing.exitCode).to.equal(1);
    expect(nothing.lines.at(-1)).to.include({ msg: "keeper failed", error: "VaultNotFound" });
    const token = system.asset("WETH").address;
    const other = await start(["--rpc", node.url, "--vault", token, "--dry-run"]).ended;
    expect(other.lines.at(-1)).to.include({ msg: "keeper failed", error: "VaultNotFound" });
  });

  it("looks once in a dry run without a key and ends well", async () => {
    await system.setPrice("WETH", 1_950n * 10n ** 8n);
    const { exitCode, lines } = await start(arguments_("--dry-run", "--once")).ended;
    expect(exitCode).to.equal(0);
    expect(lines.map(({ msg }) => msg)).to.deep.equal([
      "keeper ready",
      "would send",
      "would send",
      "keeper stopped",
    ]);
    expect(lines[1]).to.include({ task: "liquidate", cause: "closeOut" });
  });

  it("keeps until SIGTERM, then stops in order", async () => {
    const program = start(arguments_("--poll-interval-ms", "50"), {
      KEEPER_PRIVATE_KEY: keyOf(KEEPER),
    });
    await program.seen("keeper ready");
    await system.setPrice("WETH", 1_950n * 10n ** 8n);
    await program.seen("transaction mined");
    program.signal("SIGTERM");
    const { exitCode, lines, output } = await program.ended;
    expect(exitCode).to.equal(0);
    expect(lines.at(-1)).to.include({ msg: "keeper stopped" });
    expect(output).to.not.include(keyOf(KEEPER).slice(2));
  });

  it("finishes the transaction in flight on the first signal", async () => {
    const wallet = new Wallet(keyOf(KEEPER), node.provider);
    const usdc = system.asset("USDC").token.connect(wallet);
    await (await usdc.approve(system.vaultAddress, 2n ** 255n)).wait();
    await system.setPrice("WETH", 1_950n * 10n ** 8n);
    await node.provider.send("evm_setAutomine", [false]);
    const program = start(arguments_(), { KEEPER_PRIVATE_KEY: keyOf(KEEPER) });
    try {
      await program.seen("sending");
      program.signal("SIGINT");
      await program.seen("stopping");
      await pooled();
      await node.mine(1);
      const { exitCode, lines } = await program.ended;
      expect(exitCode).to.equal(0);
      expect(lines.slice(-2).map(({ msg }) => msg)).to.deep.equal([
        "transaction mined",
        "keeper stopped",
      ]);
    } finally {
      await node.provider.send("evm_setAutomine", [true]);
      program.signal("SIGKILL");
    }
  });

  it("ends at once on the second signal", async () => {
    const proxy = await startProxy(node.url, ({ method }) => ({
      type: method === "eth_getTransactionReceipt" ? "break" : "pass",
    }));
    const program = start(["--rpc", proxy.url, "--vault", system.vaultAddress], {
      KEEPER_PRIVATE_KEY: keyOf(KEEPER),
    });
    try {
      await program.seen("keeper ready"); // and now it waits for the receipt of its approval
      program.signal("SIGINT");
      await program.seen("stopping");
      program.signal("SIGTERM");
      expect((await program.ended).exitCode).to.equal(130);
    } finally {
      program.signal("SIGKILL");
      await proxy.close();
    }
  });

  it("goes on after the node was away", async () => {
    let isAway = false;
    const proxy = await startProxy(node.url, () => ({ type: isAway ? "break" : "pass" }));
    const program = start(
      ["--rpc", proxy.url, "--vault", system.vaultAddress, "--poll-interval-ms", "50"],
      { KEEPER_PRIVATE_KEY: keyOf(KEEPER) },
    );
    try {
      await program.seen("keeper ready");
      isAway = true;
      await program.seen("node does not answer");
      isAway = false;
      await system.setPrice("WETH", 1_950n * 10n ** 8n);
      await program.seen("transaction mined");
    } finally {
      program.signal("SIGTERM");
      expect((await program.ended).exitCode).to.equal(0);
      await proxy.close();
    }
  });

  it("goes on after the node lagged behind the block that it had named", async () => {
    let lags = false;
    const behind = { code: -32000, message: "header not found" };
    const proxy = await startProxy(node.url, ({ method }): Verdict =>
      lags && method === "eth_call" ? { type: "error", error: behind } : { type: "pass" },
    );
    const program = start(
      ["--rpc", proxy.url, "--vault", system.vaultAddress, "--poll-interval-ms", "50"],
      { KEEPER_PRIVATE_KEY: keyOf(KEEPER) },
    );
    try {
      await program.seen("keeper ready");
      lags = true;
      await program.seen("node does not answer");
      lags = false;
      await system.setPrice("WETH", 1_950n * 10n ** 8n);
      await program.seen("transaction mined");
    } finally {
      program.signal("SIGTERM");
      const { exitCode, output } = await program.ended;
      expect(exitCode).to.equal(0);
      expect(output).to.include("header not found");
      await proxy.close();
    }
  });

  it("ends when it is refused for a reason that it does not know", async () => {
    await system.setPrice("WETH", 1_950n * 10n ** 8n);
    const refusal = { code: 3, message: "execution reverted", data: "0xdeadbeef" };
    const proxy = await startProxy(node.url, ({ method }): Verdict =>
      method === "eth_estimateGas" ? { type: "error", error: refusal } : { type: "pass" },
    );
    const program = start(["--rpc", proxy.url, "--vault", system.vaultAddress], {
      KEEPER_PRIVATE_KEY: keyOf(KEEPER),
    });
    const { exitCode, lines } = await program.ended;
    await proxy.close();
    expect(exitCode).to.equal(1);
    expect(lines.at(-1)).to.include({ msg: "keeper failed", error: "UnknownRevert" });
  });

  it("is a function, too, with errors of its own", async () => {
    const log = createLogger("silent");
    const { vaultAddress: vault } = system;
    expect(
      await failureOf(runKeeper({ rpcUrl: "http://127.0.0.1:1", vault, log })),
    ).to.be.instanceOf(NodeUnreachable);
    expect(await failureOf(runKeeper({ rpcUrl: node.url, vault, log }))).to.be.instanceOf(
      SignerMissing,
    );
    const nowhere = {
      rpcUrl: node.url,
      vault: `0x${"11".repeat(20)}`,
      log,
      mode: "dry-run",
    } as const;
    expect(await failureOf(runKeeper(nowhere))).to.be.instanceOf(VaultNotFound);
  });
});

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("sender", () => {
  let node: LocalNode;

  before(async () => {
    node = await startNode();
  });

  after(() => node.close());

  function sender(): Sender {
    const signer = new Wallet(keyOf(0), node.provider);
    return new Sender({
      provider: node.provider,
      signer,
      address: signer.address,
      receiptTimeoutMs: 400,
      log: createLogger("silent"),
    });
  }

  const call = { to: `0x${"22".repeat(20)}`, data: "0x" };

  it("sends two calls with two nonces, one after the other", async () => {
    const from = await node.provider.getTransactionCount(new Wallet(keyOf(0)).address);
    const one = sender();
    const results = await Promise.all([one.send(call, 30_000n), one.send(call, 30_000n)]);
    expect(results.map(({ type }) => type)).to.deep.equal(["mined", "mined"]);
    const after = await node.provider.getTransactionCount(new Wallet(keyOf(0)).address);
    expect(after - from).to.equal(2);
  });

  it("raises the fees of a transaction that is not mined, and leaves no gap", async () => {
    await node.provider.send("evm_setAutomine", [false]);
    const sending = sender().send(call, 30_000n);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    const pending = await node.provider.send("eth_getBlockByNumber", ["pending", true]);
    expect(pending.transactions).to.have.length(1);
    await node.mine(1);
    await node.provider.send("evm_setAutomine", [true]);
    expect(await sending).to.include({ type: "mined" });
    expect(await sender().send(call, 30_000n)).to.include({ type: "mined" });
  });

  it("uses a nonce again when a send fails, and ends on what it does not know", async () => {
    const one = sender();
    expect(await failureOf(one.send(call, 1n))).to.be.instanceOf(SuretyError); // less than any transaction needs
    expect(await one.send(call, 30_000n)).to.include({ type: "mined" });
  });

  it("tries a call with the gas of those before it, and estimates what needs more", async () => {
    let estimates = 0;
    const proxy = await startProxy(node.url, ({ method }): Verdict => {
      if (method === "eth_estimateGas") estimates += 1;
      return { type: "pass" };
    });
    const provider = new JsonRpcProvider(proxy.url, undefined, { cacheTimeout: -1 });
    const signer = new Wallet(keyOf(0), provider);
    const one = new Sender({
      provider,
      signer,
      address: signer.address,
      receiptTimeoutMs: 400,
      log: createLogger("silent"),
    });
    // counts down from the number that it is given
    const [code, codeLength] = ["5f355b600190038060025700", "0c"];
    const deployed = await signer.sendTransaction({
      data: `0x60${codeLength}600a5f3960${codeLength}5ff3${code}`,
    });
    const to = (await deployed.wait())?.contractAddress ?? "";
    const countFrom = (rounds: bigint) => ({ to, data: toBeHex(rounds, 32) });
    const mine = async (rounds: bigint) => {
      const simulation = await one.simulateByExperience(countFrom(rounds));
      if (simulation.type === "refused") throw simulation.error;
      const sent = await one.send(countFrom(rounds), simulation.gasLimit);
      if (sent.type === "refused") throw sent.error;
      expect(sent.type).to.equal("mined");
      return { gas: simulation.gas, gasUsed: sent.gasUsed };
    };
    try {
      const first = await mine(1_000n);
      estimates = 0;
      expect((await mine(1_100n)).gas).to.equal(first.gasUsed);
      expect(estimates).to.equal(0);
      const dear = await mine(9_000n);
      expect(estimates).to.equal(1);
      expect(dear.gas >= dear.gasUsed).to.equal(true);
      // what was dear once is forgotten by and by
      expect((await mine(1_000n)).gas).to.equal(dear.gasUsed);
      expect((await mine(1_000n)).gas).to.equal(dear.gasUsed - dear.gasUsed / 16n);
      expect(estimates).to.equal(1);
    } finally {
      provider.destroy();
      await proxy.close();
    }
  });
});
