// A keeper on chains whose time is years away from the wall clock: only block time counts.
import { expect } from "chai";
import { Wallet } from "ethers";
import { createKeeper, type Keeper, type StepReport } from "../../keeper/keeper.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { type AccountId, toAccountId } from "../../sdk/accountId.ts";
import { readAccount } from "../../sdk/reader.ts";
import { keyOf, type LocalNode, startNode } from "../support/localNode.ts";

const USD_8D = 10n ** 8n;
const HOLDING = 10n * 10n ** 18n;
const DEBT = 18_000n * 10n ** 6n;
const CALLABLE_PRICE = 2_080n * USD_8D;
const YEAR_FOR = 365 * 86_400;
const [ALICE, LENDER, KEEPER] = [6, 7, 10];

for (const { name, years } of [
  { name: "years behind the wall clock", years: -5 },
  { name: "years ahead of the wall clock", years: 5 },
]) {
  describe(`keeper on a chain ${name}`, () => {
    let node: LocalNode;
    let system: LocalSystem;
    let alice: AccountId;
    let keeper: Keeper;

    before(async () => {
      node = await startNode(new Date(Date.now() + years * YEAR_FOR * 1_000));
      system = await deployLocalSystem(node.signers, { assets: ["WETH"], pools: ["USDC"] });
      const [owner, lender] = [node.signers[ALICE], node.signers[LENDER]];
      if (owner === undefined || lender === undefined) throw new Error("too few accounts");
      await system.lend("USDC", lender, 1_000_000n * 10n ** 6n);
      const signer = new Wallet(keyOf(KEEPER), node.provider);
      await system.mint("USDC", signer.address, 100_000n * 10n ** 6n);
      alice = toAccountId(owner.address, 0n);
      const weth = system.asset("WETH");
      await system.mint("WETH", owner, HOLDING);
      await (await weth.token.connect(owner).approve(system.vaultAddress, HOLDING)).wait();
      const pool = system.pool("USDC").id;
      const opened = system.vault
        .connect(owner)
        .depositAndBorrow(alice, weth.address, HOLDING, pool, DEBT, owner.address);
      await (await opened).wait();
      keeper = await createKeeper({
        provider: node.provider,
        vault: system.vaultAddress,
        signer,
      });
    });

    after(() => node.close());

    function done(report: StepReport): readonly string[] {
      return report.outcomes.filter(({ type }) => type === "done").map(({ task }) => task.type);
    }

    async function nowAt(): Promise<number> {
      const block = await node.provider.getBlock("latest");
      if (block === null) throw new Error("the node has no block");
      return block.timestamp;
    }

    it("waits until the deadline has passed by block time, and not a second longer", async () => {
      const distanceFor = Math.abs((await nowAt()) - Date.now() / 1_000);
      expect(distanceFor).to.be.greaterThan(4 * YEAR_FOR);
      await system.setPrice("WETH", CALLABLE_PRICE);
      const called = await keeper.step();
      expect(done(called)).to.include("issue");
      expect(Number(called.nowAt)).to.be.closeTo(await nowAt(), 60);
      const { deadline } = (await readAccount(system.vault, alice)).row;

      // the last look before the deadline: half a minute is left by block time
      await node.pass(Number(deadline) - (await nowAt()) - 30);
      await system.setPrice("WETH", CALLABLE_PRICE);
      expect(BigInt(await nowAt()) < deadline).to.equal(true);
      expect(done(await keeper.step())).to.not.include("liquidate");
      expect((await readAccount(system.vault, alice)).row.status).to.equal("called");

      // the first look after it; setting the price takes a block of its own
      await node.pass(Number(deadline) - (await nowAt()));
      await system.setPrice("WETH", CALLABLE_PRICE);
      expect(BigInt(await nowAt()) > deadline).to.equal(true);
      expect(done(await keeper.step())).to.include("liquidate");
      expect((await readAccount(system.vault, alice)).row.liquidations).to.equal(1n);
    });

    it("sends deadlines that the chain has not passed", async () => {
      const before = (await readAccount(system.vault, alice)).row.liquidations;
      await system.setPrice("WETH", 1_500n * USD_8D);
      expect(done(await keeper.step())).to.include("writeOff");
      const { row } = await readAccount(system.vault, alice);
      expect([row.liquidations, row.debtValue]).to.deep.equal([before + 1n, 0n]);
    });
  });
}
