// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {HostileYieldVault} from "../support/HostileYieldVault.sol";
import {ReuseStage} from "../support/ReuseStage.sol";

/// Random sequences of everything that reuse can do, with two owners, a venue in any mood, losses, income, prices.
contract CollateralVaultReuseSequencesTest is ReuseStage {
    /// E1, E3, E6, E10: books and holdings agree after every act, whatever fails
    function testFuzz_E_sequences(uint256 seed) external {
        address[2] memory owners = [alice, bob];
        for (uint256 i; i < owners.length; ++i) {
            deposits(owners[i], weth, 100e18);
            borrows(owners[i], USDC, 80_000e6);
            reuses(owners[i], 40_00);
        }
        for (uint256 i; i < 20; ++i) {
            seed = uint256(keccak256(abi.encode(seed, i)));
            _act(owners[(seed >> 8) & 1], seed % 12, seed >> 16);
            _requireBacked();
            // plain collateral can always be added to, and debt repaid
            deposits(owners[seed & 1], weth, 1e15);
        }
        _everybodyLeaves(owners);
    }

    function _act(address owner, uint256 act, uint256 noise) private {
        if (act == 0) bad.setFashion(HostileYieldVault.Fashion(noise % 14));
        if (act == 1) bad.setFashion(HostileYieldVault.Fashion.WELL);
        if (act == 2) bad.setLiquidity(noise % 2 == 0 ? ALL : noise % 20e18);
        if (act == 3) passes(noise % 2 hours);
        if (act == 4) weth.mint(noise % 2 == 0 ? address(bad) : address(good), noise % 0.01e18);
        if (act == 5) bad.loses(weth.balanceOf(address(bad)) / 20);
        if (act < 6) return;
        address venue = noise % 2 == 0 ? address(good) : address(bad);
        if (act == 6) _tries(address(sleeve), abi.encodeCall(sleeve.allocate, (venue, noise % 40e18)));
        if (act == 7) _tries(address(sleeve), abi.encodeCall(sleeve.recall, (venue, noise % 40e18)));
        if (act == 8) {
            vm.prank(owner);
            _tries(address(vault), abi.encodeCall(vault.setReuse, (accountOf(owner), address(sleeve), noise % 60_01)));
        }
        if (act == 9) {
            vm.prank(owner);
            _tries(
                address(vault),
                abi.encodeCall(vault.requestRecall, (accountOf(owner), address(sleeve), noise % 30e18))
            );
        }
        if (act == 10) _tries(address(vault), abi.encodeCall(vault.serveRecalls, (address(sleeve), noise % 4)));
        if (act == 11) _tries(address(vault), abi.encodeCall(vault.trimReuse, (accountOf(owner), address(sleeve))));
    }

    function _tries(address target, bytes memory data) private {
        // a venue that eats gas gets no more than a transaction may have
        (bool success, bytes memory answer) = target.call{gas: 8_000_000}(data);
        assertTrue(success || target == address(sleeve) || answer.length >= 4, "the vault refuses with a reason");
    }

    /// when venues behave, all is paid out
    function _everybodyLeaves(address[2] memory owners) private {
        bad.setFashion(HostileYieldVault.Fashion.WELL);
        bad.setLiquidity(ALL);
        for (uint256 i; i < owners.length; ++i) repays(owners[i], USDC, ALL);
        _tries(address(vault), abi.encodeCall(vault.serveRecalls, (address(sleeve), 100)));
        for (uint256 i; i < owners.length; ++i) {
            if (holdingOf(owners[i], address(sleeve)) != 0) reuses(owners[i], 0);
            assertEq(holdingOf(owners[i], address(sleeve)), 0, "left");
            withdraws(owners[i], weth, ALL);
        }
        assertEq(sleeve.totalSupply(), 0, "empty");
    }
}
