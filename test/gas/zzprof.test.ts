import { assert } from "chai";
import { MaxUint256, type Signer } from "ethers";
import { network } from "hardhat";
import { toAccountId } from "../../sdk/accountId.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
const USDC = 10n ** 6n, ETHER = 10n ** 18n;
describe("prof", () => {
  it("x", async () => {
    const { ethers, provider } = await network.create();
    const system: LocalSystem = await deployLocalSystem(await ethers.getSigners(), {
      assets: [{ symbol: "WETH", price8: 2_000_00000000n }], pools: ["USDC"] });
    const [owner, other, lender] = system.actors;
    assert(owner && other && lender);
    for (const a of [owner, other, lender]) for (const { symbol, token, decimals } of system.assets) {
      await system.mint(symbol, a, 10n ** BigInt(decimals + 7));
      await (await token.connect(a).approve(system.vaultAddress, MaxUint256)).wait();
      for (const { address } of system.pools) await (await token.connect(a).approve(address, MaxUint256)).wait();
    }
    const pool = system.pool("USDC").pool;
    const [asLender, asOther] = [pool.connect(lender), pool.connect(other)];
    const [to, otherTo] = [await lender.getAddress(), await other.getAddress()];
    await (await asOther.deposit(1_000_000n * USDC, otherTo)).wait();
    const account = toAccountId(otherTo, 99n);
    const vault = system.vault.connect(other);
    await (await vault.deposit(account, system.asset("WETH").address, 100n * ETHER)).wait();
    await (await vault.borrow(account, 0n, 50_000n * USDC, otherTo)).wait();
    const prof = async (name: string, send: () => Promise<any>) => {
      await provider.request({ method: "evm_increaseTime", params: [3600] });
      const tx = await send(); const r = await tx.wait();
      const t: any = await provider.request({ method: "debug_traceTransaction", params: [tx.hash, { disableStorage: true, disableMemory: true }] });
      const by: Record<string, [number, number]> = {}; const depth: Record<string, number> = {};
      for (let i = 0; i < t.structLogs.length; i++) {
        const l = t.structLogs[i], n = t.structLogs[i + 1];
        let cost = l.gasCost;
        if (/CALL$/.test(l.op)) cost = 100;
        const key = l.op.replace(/\d+$/, "");
        const k = `${l.depth}:${/^(PUSH|DUP|SWAP|POP|JUMP|JUMPI|JUMPDEST)$/.test(key) ? "stack" : /^(ADD|SUB|AND|OR|SHL|SHR|ISZERO|LT|GT|EQ|NOT|XOR|MUL|DIV|MOD|BYTE|SLT|SGT|SIGNEXTEND)$/.test(key) ? "arith" : key}`;
        (by[k] ??= [0, 0])[0]++; by[k][1] += cost; depth[l.depth] = (depth[l.depth] ?? 0) + cost;
        if (/SLOAD|SSTORE|TLOAD|TSTORE|LOG/.test(l.op)) process.stdout.write(`${l.depth}${l.op}:${l.gasCost} `);
      }
      console.log("\n", name, r.gasUsed, depth);
      console.log(Object.entries(by).sort((a, b) => b[1][1] - a[1][1]).slice(0, 22).map(([k, [c, g]]) => `${k} ${c}x ${g}`).join(" | "));
    };
    await prof("f1", () => asLender.deposit(100_000n * USDC, to));
    await prof("f2", () => asLender.deposit(100_000n * USDC, to));
    await prof("f3", () => asLender.withdraw(50_000n * USDC, to, to));
    const shares = await pool.balanceOf(to);
    await prof("f4", () => asLender.redeem(shares, to, to));
  });
});
