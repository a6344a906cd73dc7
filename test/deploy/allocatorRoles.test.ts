import { expect } from "chai";
import type { FunctionFragment } from "ethers";
import {
  ALLOCATOR_FUNCTIONS,
  PUBLIC_ALLOCATOR_FUNCTIONS,
  VAULT_ONLY_ALLOCATOR_FUNCTIONS,
} from "../../deploy/roles.ts";
import { VenueAllocator__factory } from "../../types/ethers-contracts/factories/contracts/VenueAllocator__factory.ts";

describe("roles of an allocator", () => {
  it("name every state-changing function exactly once", () => {
    const functions: FunctionFragment[] = [];
    VenueAllocator__factory.createInterface().forEachFunction((fragment) => {
      if (!fragment.constant) functions.push(fragment);
    });
    const named = [
      ...Object.values(ALLOCATOR_FUNCTIONS).flat(),
      ...PUBLIC_ALLOCATOR_FUNCTIONS,
      ...VAULT_ONLY_ALLOCATOR_FUNCTIONS,
      "pullFrom", // of the allocator itself
      "setAuthority", // of the AccessManager alone
    ];
    expect(functions.map(({ name }) => name).sort()).to.deep.equal(named.sort());
  });
});
