// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {ILiquidation} from "../interfaces/ILiquidation.sol";
import {ILiquidationCallback} from "../interfaces/ILiquidationCallback.sol";
import {ILendingPool} from "../interfaces/ILendingPool.sol";
import {AccountId} from "../types/AccountId.sol";
import {PoolId} from "../types/PoolId.sol";

/// A liquidator without cash of its own: it finds the repayment in the callback, or does not, or misuses the callback.
contract MockLiquidator is ILiquidationCallback {
    ICollateralVault private immutable vault;
    address public source; // who lends it the repayment; zero: it does not pay
    address public callee; // called in the callback
    bytes public payload;
    bool public wasReached;
    bool public hasSucceeded;
    bytes public answer;
    address[] public assets;
    uint256[] public seizedAssets;
    uint256[] public owedAssets;
    bytes public received;

    constructor(ICollateralVault liquidatedVault) {
        vault = liquidatedVault;
    }

    function setSource(address newSource) external {
        source = newSource;
    }

    function setCall(address newCallee, bytes calldata newPayload) external {
        (callee, payload) = (newCallee, newPayload);
    }

    function liquidate(AccountId account, ILiquidation.Leg[] calldata legs, bytes calldata data) external {
        vault.liquidate(account, legs, _expected(account), block.timestamp, address(this), data);
    }

    function writeOff(
        AccountId account,
        uint256[] calldata maxRepaidAssets,
        uint256[] calldata minimumOut,
        bytes calldata data
    ) external {
        uint256 expected = _expected(account);
        vault.writeOff(account, expected, maxRepaidAssets, minimumOut, block.timestamp, address(this), data);
    }

    /// @inheritdoc ILiquidationCallback
    function onLiquidation(
        AccountId,
        address[] calldata taken,
        uint256[] calldata amounts,
        PoolId[] calldata pools,
        uint256[] calldata owed,
        bytes calldata data
    ) external {
        wasReached = true;
        (assets, seizedAssets, owedAssets, received) = (taken, amounts, owed, data);
        if (callee != address(0)) (hasSucceeded, answer) = callee.call(payload);
        if (source == address(0)) return;
        for (uint256 j; j < pools.length; ++j) {
            IERC20 cash = IERC20(ILendingPool(vault.pools()[pools[j].toUint()].pool).asset());
            cash.transferFrom(source, address(this), owed[j]);
            cash.approve(address(vault), owed[j]);
        }
    }

    function _expected(AccountId account) private view returns (uint256) {
        AccountId[] memory accounts = new AccountId[](1);
        accounts[0] = account;
        return vault.healthOf(accounts)[0].liquidations;
    }
}
