// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// An insurance fund that fails in the way it is told to.
contract BrokenFund {
    /// How `slash` and `stakedAssets` behave.
    enum Way {
        REVERTS,
        EATS_GAS,
        RETURNS_A_BOMB,
        RETURNS_NOTHING,
        LIES
    }

    /// It is told to fail.
    error Broken();

    address public immutable pool;
    address public immutable asset;
    Way public way;

    constructor(address insuredPool, address cash) {
        (pool, asset) = (insuredPool, cash);
    }

    function setWay(Way newWay) external {
        way = newWay;
    }

    function totalSupply() external pure returns (uint256) {
        return 1;
    }

    function slash(uint256 assets) external view returns (uint256) {
        _fail();
        return assets;
    }

    function stakedAssets() external view returns (uint256) {
        _fail();
        return type(uint256).max;
    }

    function _fail() private view {
        require(way != Way.REVERTS, Broken());
        if (way == Way.EATS_GAS) {
            while (true) {}
        }
        if (way == Way.LIES) return;
        uint256 size = way == Way.RETURNS_A_BOMB ? 1 << 14 : 0;
        // safe: ends the call
        assembly ("memory-safe") {
            revert(0, size)
        }
    }
}
