// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IReuse} from "../../contracts/interfaces/IReuse.sol";
import {ReuseStage} from "../support/ReuseStage.sol";

/// What governance names a sleeve: `setSleeve`.
contract CollateralVaultSetSleeveTest is ReuseStage {
    function test_setSleeve_namesIt() external view {
        (address asset, IReuse.SleeveTerms memory terms) = vault.sleeveOf(address(sleeve));
        assertEq(asset, address(weth), "asset");
        assertTrue(terms.isCapped, "capped");
        assertEq(terms.maxDebtShareBps, 140_00, "cap");
        assertEq(terms.toleranceBps, 5_00, "tolerance");
        (asset, ) = vault.sleeveOf(address(weth));
        assertEq(asset, address(0), "WETH is none");
    }

    function test_setSleeve_revertsWith_whatIsNoSleeve() external {
        IReuse.SleeveTerms memory terms = _sleeveTerms();
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, address(good)));
        vault.setSleeve(address(weth), address(good), terms);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, address(good)));
        vault.setSleeve(address(good), address(sleeve), terms);
        vm.expectRevert(abi.encodeWithSelector(IReuse.SleeveOfAnotherAsset.selector, address(sleeve), address(wbtc)));
        vault.setSleeve(address(wbtc), address(sleeve), terms);
        vm.prank(mallory);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory));
        vault.setSleeve(address(weth), address(sleeve), terms);
    }

    function test_setSleeve_revertsWith_SleevePriceInvalid() external {
        IReuse.SleeveTerms memory terms = _sleeveTerms();
        // priced without its rate
        _sendShares(good, weth, 1e12);
        vault.listAsset(address(good), _feedConfig(address(feedOf[address(weth)])), 1e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                IReuse.SleevePriceInvalid.selector,
                address(good),
                address(0),
                address(feedOf[address(weth)])
            )
        );
        vault.setSleeve(address(weth), address(good), terms);
        // on another feed
        _sendShares(bad, weth, 1e12);
        vault.listAsset(address(bad), _sleeveConfig(address(bad), link), 1e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                IReuse.SleevePriceInvalid.selector,
                address(bad),
                address(bad),
                address(feedOf[address(link)])
            )
        );
        vault.setSleeve(address(weth), address(bad), terms);
    }

    function test_setSleeve_revertsWith_SleeveOfRatedAsset() external {
        vault.setFeed(address(weth), _sleeveConfig(address(good), weth));
        vm.expectRevert(abi.encodeWithSelector(IReuse.SleeveOfRatedAsset.selector, address(weth), address(good)));
        vault.setSleeve(address(weth), address(sleeve), _sleeveTerms());
    }

    function test_setSleeve_boundsItsTerms() external {
        _expectTerm("maxDebtShareBps", 140_01, 140_00);
        vault.setSleeve(address(weth), address(sleeve), IReuse.SleeveTerms(true, 140_01, 0));
        _expectTerm("toleranceBps", 50_01, 50_00);
        vault.setSleeve(address(weth), address(sleeve), IReuse.SleeveTerms(true, 0, 50_01));
        // without a cap nothing is said of one
        _expectTerm("maxDebtShareBps", 1, 0);
        vault.setSleeve(address(weth), address(sleeve), IReuse.SleeveTerms(false, 1, 0));
        _expectTerm("toleranceBps", 1, 0);
        vault.setSleeve(address(weth), address(sleeve), IReuse.SleeveTerms(false, 0, 1));
    }
}
