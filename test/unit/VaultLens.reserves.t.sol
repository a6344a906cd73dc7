// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {Deployment} from "../support/Deployment.sol";

// owed, held, reserves
// ├── owed is the sum of all holdings, held the balance; they differ by what was sent without a deposit
// ├── the list has every asset, by id
// └── of a token that is not listed nothing is owed
contract VaultLensReservesTest is Deployment {
    function test_reserves_tellEveryAsset() external {
        deposits(alice, weth, 3e18);
        deposits(bob, weth, 4e18);
        deposits(bob, wbtc, 2e8);
        wbtc.mint(address(vault), 5);
        assertEq(vault.owed(address(weth)), 7e18, "owed");
        assertEq(vault.held(address(weth)), 7e18, "held");
        assertEq(vault.owed(address(wbtc)), 2e8, "owed");
        assertEq(vault.held(address(wbtc)), 2e8 + 5, "held, and a gift");
        IVaultLens.ReserveView[] memory rows = vault.reserves();
        assertEq(rows.length, 5, "all");
        for (uint256 id; id < 5; ++id) {
            assertEq(rows[id].asset, tokens[id], "by id");
            assertEq(rows[id].owedAssets, vault.owed(tokens[id]), "owed");
            assertEq(rows[id].heldAssets, vault.held(tokens[id]), "held");
            assertFalse(rows[id].isDelisted, "in service");
        }
    }

    function test_owed_ofATokenThatIsNotListed_isNothing() external view {
        assertEq(vault.owed(address(usdcPool)), 0, "nothing");
        assertEq(vault.held(address(usdcPool)), 0, "nothing");
    }

    function testFuzz_held_isWhatIsOwed_andGifts(uint256 deposited, uint256 given, uint256 taken) external {
        deposited = bound(deposited, 1, 50_000e18);
        taken = bound(taken, 1, deposited);
        given = bound(given, 0, 1e30);
        deposits(alice, weth, deposited);
        weth.mint(address(vault), given);
        withdraws(alice, weth, taken);
        assertEq(vault.owed(address(weth)), deposited - taken, "owed");
        assertEq(vault.held(address(weth)) - vault.owed(address(weth)), given, "the gift");
    }
}
