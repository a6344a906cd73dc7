// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import {IVaultConfigurator} from "../interfaces/IVaultConfigurator.sol";

/// What setters ask of what they are given.
abstract contract ConfigurationChecks {
    uint256 internal constant MAX_DECIMALS = 18;

    function _decimalsOf(address asset) internal view returns (uint256 decimals) {
        require(asset.code.length != 0, IVaultConfigurator.NotAToken(asset));
        try IERC20Metadata(asset).decimals() returns (uint8 found) {
            decimals = found;
        } catch {
            revert IVaultConfigurator.NotAToken(asset);
        }
        require(decimals <= MAX_DECIMALS, IVaultConfigurator.DecimalsAboveMaximum(asset, decimals, MAX_DECIMALS));
    }

    function _requireWithin(bytes32 name, uint256 found, uint256 lowest, uint256 highest) internal pure {
        require(
            found >= lowest && found <= highest,
            IVaultConfigurator.ParameterOutOfBounds(name, found, lowest, highest)
        );
    }
}
