// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IRecovery} from "../../contracts/interfaces/IRecovery.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {SilentToken} from "../../contracts/mocks/WeirdTokens.sol";
import {Deployment} from "../support/Deployment.sol";

/// recover
/// ├── when the caller has no role, the receiver is nobody or the vault, or nothing is beyond what is owed: it reverts
/// └── else it sends what is held beyond what is owed, of a listed token or any other, and tells
contract CollateralVaultRecoverTest is Deployment {
    function test_recover_revertsWithout_theRole() external {
        weth.mint(address(vault), 1e18);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory));
        vm.prank(mallory);
        vault.recover(address(weth), mallory);
    }

    function test_recover_revertsWith_RecoveryReceiverInvalid() external {
        weth.mint(address(vault), 1e18);
        vm.expectRevert(abi.encodeWithSelector(IRecovery.RecoveryReceiverInvalid.selector, address(0)));
        vault.recover(address(weth), address(0));
        vm.expectRevert(abi.encodeWithSelector(IRecovery.RecoveryReceiverInvalid.selector, address(vault)));
        vault.recover(address(weth), address(vault));
    }

    function test_recover_revertsWith_NothingToRecover() external {
        deposits(alice, weth, 5e18);
        vm.expectRevert(abi.encodeWithSelector(IRecovery.NothingToRecover.selector, address(weth)));
        vault.recover(address(weth), dave);
        vm.expectRevert(abi.encodeWithSelector(IRecovery.NothingToRecover.selector, address(dai)));
        vault.recover(address(dai), dave);
    }

    function test_recover_sendsADonation_andTells() external {
        deposits(alice, weth, 5e18);
        weth.mint(address(vault), 3e18);
        vm.expectEmit(address(vault));
        emit IRecovery.Recovered(address(weth), dave, 3e18);
        assertEq(vault.recover(address(weth), dave), 3e18);
        assertEq(weth.balanceOf(dave), 3e18);
        withdraws(alice, weth, ALL);
        assertEq(weth.balanceOf(alice), 5e18, "and alice has hers");
    }

    function test_recover_sendsAnUnlistedToken() external {
        MockToken stranger = new MockToken("stranger", "STR", 18);
        stranger.mint(address(vault), 7);
        assertEq(vault.recover(address(stranger), dave), 7);
        SilentToken silent = new SilentToken();
        silent.mint(address(vault), 9);
        assertEq(vault.recover(address(silent), dave), 9);
        assertEq(silent.balanceOf(dave), 9);
    }

    /// cash of a pool is held by the pool: what of it is in the vault and not pledged is owed to nobody
    function test_recover_sendsCashThatWasSentToTheVault() external {
        _alicePledgesAndBorrows();
        uint256 held = usdc.balanceOf(address(usdcPool));
        usdc.mint(address(vault), 11e6);
        assertEq(vault.recover(address(usdc), dave), 11e6);
        assertEq(usdc.balanceOf(address(usdcPool)), held, "the pool");
    }

    function testFuzz_recover_leavesWhatIsOwed(uint96 pledged, uint96 donated) external {
        uint256 owed = bound(pledged, 1, 50_000e18);
        deposits(alice, weth, owed);
        weth.mint(address(vault), donated);
        try vault.recover(address(weth), dave) returns (uint256 assets) {
            assertEq(assets, donated);
        } catch {
            assertEq(donated, 0, "refused without reason");
        }
        assertEq(weth.balanceOf(address(vault)), owed);
    }
}
