import { expect } from "chai";
import {
  AccountIdInvalid,
  ownerOf,
  parseAccountId,
  TagOutOfRange,
  tagOf,
  toAccountId,
} from "../../sdk/accountId.ts";

const OWNER = "0x52908400098527886E0F7030069857D2E4169EE7";

describe("accountId", () => {
  it("is the owner followed by the tag", () => {
    const account = toAccountId(OWNER, 7n);
    expect(account).to.equal("0x52908400098527886e0f7030069857d2e4169ee7000000000000000000000007");
    expect(ownerOf(account)).to.equal(OWNER);
    expect(tagOf(account)).to.equal(7n);
    expect(parseAccountId(account.toUpperCase().replace("0X", "0x"))).to.equal(account);
  });

  it("takes tags of 96 bits, and nothing else", () => {
    expect(tagOf(toAccountId(OWNER, 2n ** 96n - 1n))).to.equal(2n ** 96n - 1n);
    expect(() => toAccountId(OWNER, 2n ** 96n)).to.throw(TagOutOfRange);
    expect(() => toAccountId(OWNER, -1n)).to.throw(TagOutOfRange);
  });

  it("refuses what is no account", () => {
    for (const text of ["", "0x", OWNER, `0x${"g".repeat(64)}`, "0".repeat(64)]) {
      expect(() => ownerOf(text), text).to.throw(AccountIdInvalid);
    }
  });
});
