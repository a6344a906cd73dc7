// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IMarginCalls} from "../../contracts/interfaces/IMarginCalls.sol";
import {ReuseStage} from "../support/ReuseStage.sol";

/// Attacks on what two parts do together: reuse and the price of its shares, rewards and listings, rights and sleeves.
contract SeamsTest is ReuseStage {
    function _forget() private {
        uint256[] memory ids = new uint256[](8);
        for (uint256 i; i < ids.length; ++i) ids[i] = i;
        vault.refreshPrices(ids);
    }

    /// lets a stranger try a call with every amount of gas; returns the first that succeeds, or 0
    function _starve(bytes memory data) private returns (uint256) {
        for (uint256 gasLimit = 60_000; gasLimit < 330_000; gasLimit += 1_500) {
            uint256 snapshot = vm.snapshotState();
            vm.prank(mallory);
            (bool success, ) = address(vault).call{gas: gasLimit}(data);
            if (success) return gasLimit;
            vm.revertToState(snapshot);
        }
        return 0;
    }

    /// O02: in a fall the slow average is above spot; who leaves the read of a sleeve too little gas is judged by it
    function test_REUSE14_aStarvedRead_pausesNoCall() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 154_000e6);
        reuses(alice, 50_00);
        _allocates(address(good));
        moves(weth, 1_750e8);
        _forget();
        vault.issueMarginCall(accountOf(alice));
        _forget();
        bytes memory data = abi.encodeCall(vault.clearMarginCall, (accountOf(alice)));
        vm.expectPartialRevert(IMarginCalls.CallUnchanged.selector);
        vault.clearMarginCall(accountOf(alice));
        assertEq(_starve(data), 0, "gas with which a call is paused");
    }

    /// O02: after a dip the slow average is below spot: the same starves a covered account into a call
    function test_REUSE14_aStarvedRead_callsNobody() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 154_000e6);
        reuses(alice, 50_00);
        _allocates(address(good));
        moves(weth, 1_650e8);
        settles();
        uint256[] memory ids = new uint256[](1);
        ids[0] = _assetOf(address(sleeve)).id;
        for (uint256 i; i < 20; ++i) {
            passes(10 minutes);
            vault.updateSlowAverages(ids);
        }
        moves(weth, 2_000e8);
        _forget();
        vm.expectPartialRevert(IMarginCalls.AccountCovered.selector);
        vault.issueMarginCall(accountOf(alice));
        _forget();
        bytes memory data = abi.encodeCall(vault.issueMarginCall, (accountOf(alice)));
        assertEq(_starve(data), 0, "gas with which a covered account is called");
    }
}
