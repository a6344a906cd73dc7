// npm run optimise, on a node of its own: what it proposes is done, and the account keeps the buffer.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { assert } from "chai";
import { type JsonRpcSigner, MaxUint256 } from "ethers";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { type AccountId, toAccountId } from "../../sdk/accountId.ts";
import { readAccount } from "../../sdk/reader.ts";
import { optimise } from "../support/command.ts";
import { type LocalNode, startNode } from "../support/localNode.ts";

const USD_8D = 10n ** 8n;
const WAD = 10n ** 18n;

describe("npm run optimise", function () {
  this.timeout(120_000);

  let node: LocalNode;
  let system: LocalSystem;
  let folder: string;
  let owner: JsonRpcSigner;
  let account: AccountId;
  let restore: () => Promise<void>;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "surety-optimise-"));
    node = await startNode();
    system = await deployLocalSystem(node.signers, {
      assets: ["WETH", "WBTC", "LINK"],
      pools: ["USDC"],
    });
    owner = node.signer(6);
    account = toAccountId(owner.address, 3n);
    await system.lend("USDC", node.signer(8), 1_000_000n * 10n ** 6n);
    for (const [symbol, assets] of [
      ["WETH", 20n * WAD],
      ["WBTC", 10n ** 8n],
      ["LINK", 1_000n * WAD],
    ] as const) {
      await system.mint(symbol, owner, assets);
      const { token } = system.asset(symbol);
      await (await token.connect(owner).approve(system.vaultAddress, MaxUint256)).wait();
    }
    // 20 WETH at 2,500 USD against 20,000 USDC; 1 WBTC and 1,000 LINK stay in the wallet
    const vault = system.vault.connect(owner);
    const weth = system.asset("WETH").address;
    const cash = 20_000n * 10n ** 6n;
    const opened = vault.depositAndBorrow(account, weth, 20n * WAD, 0n, cash, owner.address);
    await (await opened).wait();
  });

  after(async () => {
    await node.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    restore = await node.snapshot();
  });

  afterEach(() => restore());

  function asks(...args: readonly string[]) {
    return optimise(
      "--rpc",
      node.url,
      "--vault",
      system.vaultAddress,
      "--account",
      account,
      ...args,
    );
  }

  it("proposes the cheapest, tells people and machines, and is right when it is done", async () => {
    const json = path.join(folder, "proposal.json");
    const told = await asks(
      ...["--wallet", "--buffer", "25%", "--yield", "WETH=3%", "WBTC=0.5%", "LINK=1%"],
      ...["--json", json],
    );
    assert.equal(told.err, "");
    assert.equal(told.code, 0);
    assert.match(told.out, /^Cheapest collateral of 0x\w{8}…, buffer 25 %\n/);
    assert.match(told.out, /│ WETH +│ +20 │ +0 │ +−20 │ +23 % │/);
    assert.match(
      told.out,
      /1\. `substitute`: bring in 0\.53\d+ WBTC, take out 20 WETH, in one call\./,
    );
    assert.match(told.out, /What binds: the wanted buffer\./);
    assert.match(
      told.out,
      /Result: 160\.\d\d USD a year instead of 1,500\.00 USD: 1,339\.\d\d USD less\.\n$/,
    );
    for (const line of told.out.split("\n")) assert.isAtMost(line.length, 100, line);
    const written = JSON.parse(await readFile(json, "utf8"));
    const [step] = written.steps;
    assert.equal(step.type, "substitute");
    const vault = system.vault.connect(owner);
    await (await vault.substitute(account, step.incoming, step.outgoing)).wait();
    const { opening, requiredValue } = await readAccount(system.vault, account);
    const kept = (opening.coverInitial * 10_000n) / requiredValue;
    assert(kept >= 12_499n && kept <= 12_501n, `${kept}: a quarter, less seconds of interest`);
  });

  it("lets go what is not needed, when only what is pledged counts", async () => {
    const { out, code } = await asks("--yield", "WETH=3%");
    assert.equal(code, 0);
    assert.match(out, /buffer 10 %/);
    assert.match(out, /1\. `withdraw` 8\.57\d+ WETH\./, "20,000 · 1.1 / 0.77 / 2,500 = 11.43 stay");
  });

  it("reads yields from a file, counts what moving costs, and says when nothing is cheaper", async () => {
    const file = path.join(folder, "yields.json5");
    await writeFile(file, '{ WETH: "3%", LINK: 9 } // a year');
    const { out } = await asks("--yields", file, "--move-cost", "5000");
    assert.match(
      out,
      /Result: nothing to do\. The account keeps the buffer at 1,500\.00 USD a year/,
    );
    assert.notInclude(out, "1. ");
  });

  it("says what is missing when no choice keeps the buffer", async () => {
    const { code, out, err } = await asks("--buffer", "400%", "--wallet");
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(
      err,
      /^CoverOutOfReach: Cover of 100000(\.\d+)? USD is wanted .* USD of cover are missing/,
    );
  });

  it("cures a call: the account does not keep the buffer now", async () => {
    await system.setPrices({ WETH: 1_150n * USD_8D });
    await (await system.vault.issueMarginCall(account)).wait();
    const { out } = await asks(
      "--wallet",
      "--buffer",
      "0%",
      "--yield",
      "LINK=1%",
      "WBTC=2%",
      "WETH=1%",
    );
    assert.match(out, /Result: the account does not keep the buffer now; it costs/);
    assert.match(out, /1\. `deposit`|1\. `substitute`/);
  });

  const refusals: readonly (readonly [string, RegExp, readonly string[]])[] = [
    ["a buffer", /^OptionInvalid: --buffer: found "much", allowed: 0 % to/, ["--buffer", "much"]],
    ["a buffer below 0", /^OptionInvalid: --buffer: found "-5%"/, ["--buffer=-5%"]],
    [
      "a yield without a number",
      /^OptionInvalid: --yield: found "WETH", allowed/,
      ["--yield", "WETH"],
    ],
    [
      "a yield of nothing known",
      /^OptionInvalid: --yield: found "DOGE", allowed: an asset of the vault: .*WETH/,
      ["--yield", "DOGE=3%"],
    ],
    [
      "a yield that is none",
      /^OptionInvalid: --yield WETH: found "3000000"/,
      ["--yield", "WETH=3000000"],
    ],
    [
      "a file",
      /^OptionInvalid: --yields: found "nowhere", allowed: a readable file/,
      ["--yields", "nowhere"],
    ],
    ["a cost below 0", /^OptionInvalid: --move-cost: found "-1"/, ["--move-cost=-1"]],
    ["days", /^OptionInvalid: --days: found "0", allowed: whole days/, ["--days", "0"]],
    ["an account", /^AccountIdInvalid: /, ["--account", "0x12"]],
    ["a vault", /^OptionInvalid: --vault: found "0x99", allowed: an address/, ["--vault", "0x99"]],
    ["a vault that is none", /^VaultNotFound: /, ["--vault", `0x${"33".repeat(20)}`]],
  ];
  for (const [what, sentence, args] of refusals) {
    it(`refuses ${what} with a sentence`, async () => {
      const { code, out, err } = await asks(...args);
      assert.equal(code, 1);
      assert.equal(out, "");
      assert.match(err, sentence);
      assert.notInclude(err, "    at ", "a sentence, not a stack");
    });
  }

  it("takes the address of the owner for tag 0, which holds nothing", async () => {
    const { code, out } = await optimise(
      ...["--rpc", node.url, "--vault", system.vaultAddress, "--account", owner.address],
    );
    assert.equal(code, 0);
    assert.include(out, "Result: nothing to do.");
  });
});
