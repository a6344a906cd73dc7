// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MockToken} from "./MockToken.sol";
import {SilentToken} from "./WeirdTokens.sol";

/// Takes its fee on top of what arrives, from the sender.
contract SurchargeToken is MockToken {
    uint256 private immutable feeBps;

    constructor(uint256 newFeeBps) MockToken("surcharge", "SUR", 18) {
        feeBps = newFeeBps;
    }

    function _update(address from, address to, uint256 assets) internal override {
        super._update(from, to, assets);
        if (from != address(0) && to != address(0)) super._update(from, address(0), (assets * feeBps) / 1e4);
    }
}

/// Takes a basis point of what arrives at one address, and nothing elsewhere.
contract ArrivalFeeToken is MockToken {
    address private immutable payer;

    constructor(address newPayer) MockToken("arrival", "ARR", 18) {
        payer = newPayer;
    }

    function _update(address from, address to, uint256 assets) internal override {
        super._update(from, to, assets);
        if (from != address(0) && to == payer) super._update(to, address(0), assets / 1e4);
    }
}

/// Pays one unit to whoever receives: its balances move with every transfer, as those of a rebasing token may.
contract BonusToken is MockToken {
    constructor() MockToken("bonus", "BON", 18) {}

    function _update(address from, address to, uint256 assets) internal override {
        super._update(from, to, assets);
        if (from != address(0) && to != address(0)) super._update(address(0), to, 1);
    }
}

/// Answers `false` to one of its functions and does nothing.
contract RefusingToken is MockToken {
    /// Which function refuses.
    enum Refusal {
        TRANSFER,
        TRANSFER_FROM,
        APPROVE
    }

    Refusal private immutable refusal;

    constructor(Refusal newRefusal) MockToken("refusing", "REF", 18) {
        refusal = newRefusal;
    }

    function transfer(address to, uint256 assets) public override returns (bool) {
        return refusal != Refusal.TRANSFER && super.transfer(to, assets);
    }

    function transferFrom(address from, address to, uint256 assets) public override returns (bool) {
        return refusal != Refusal.TRANSFER_FROM && super.transferFrom(from, to, assets);
    }

    function approve(address spender, uint256 assets) public override returns (bool) {
        return refusal != Refusal.APPROVE && super.approve(spender, assets);
    }
}

/// Reads the largest amount as "all that I have", as cUSDCv3 does.
contract WholeBalanceToken is MockToken {
    constructor() MockToken("whole", "WHL", 18) {}

    function _update(address from, address to, uint256 assets) internal override {
        super._update(from, to, assets == type(uint256).max ? balanceOf(from) : assets);
    }
}

/// Refuses to move nothing, as LEND does.
contract NoZeroToken is MockToken {
    /// Nothing would move.
    error NothingMoves();

    constructor() MockToken("no zero", "NOZ", 18) {}

    function _update(address from, address to, uint256 assets) internal override {
        require(assets != 0, NothingMoves());
        super._update(from, to, assets);
    }
}

/// Has a name of 32 bytes instead of a text, as MKR has.
contract ShortNameToken is SilentToken {
    // named by the standard
    // solhint-disable-next-line const-name-snakecase
    bytes32 public constant name = "short";
    // named by the standard
    // solhint-disable-next-line const-name-snakecase
    bytes32 public constant symbol = "SHORT";
}

/// A token with a second address for the same balances, as TUSD had.
contract TwoDoorToken is MockToken {
    /// Only the other door opens here.
    error NotTheOtherDoor(address caller);

    SecondDoor public immutable door;

    constructor() MockToken("two doors", "TWO", 18) {
        door = new SecondDoor(this);
    }

    function moveFor(address from, address to, uint256 assets) external {
        require(msg.sender == address(door), NotTheOtherDoor(msg.sender));
        _transfer(from, to, assets);
    }

    function moveForAs(address spender, address from, address to, uint256 assets) external {
        require(msg.sender == address(door), NotTheOtherDoor(msg.sender));
        _spendAllowance(from, spender, assets);
        _transfer(from, to, assets);
    }

    function allowFor(address owner, address spender, uint256 assets) external {
        require(msg.sender == address(door), NotTheOtherDoor(msg.sender));
        _approve(owner, spender, assets);
    }
}

/// The other address of a `TwoDoorToken`.
contract SecondDoor {
    TwoDoorToken private immutable token;

    constructor(TwoDoorToken newToken) {
        token = newToken;
    }

    function transfer(address to, uint256 assets) external returns (bool) {
        token.moveFor(msg.sender, to, assets);
        return true;
    }

    function transferFrom(address from, address to, uint256 assets) external returns (bool) {
        token.moveForAs(msg.sender, from, to, assets);
        return true;
    }

    function approve(address spender, uint256 assets) external returns (bool) {
        token.allowFor(msg.sender, spender, assets);
        return true;
    }

    function allowance(address owner, address spender) external view returns (uint256) {
        return token.allowance(owner, spender);
    }

    function balanceOf(address holder) external view returns (uint256) {
        return token.balanceOf(holder);
    }

    function decimals() external view returns (uint8) {
        return token.decimals();
    }
}

/// Its transfers, approvals and balances can all be made to fail, as those of an upgraded token may.
contract BreakableToken is MockToken {
    /// The token is broken.
    error Broken();

    bool public isBroken;

    constructor() MockToken("breakable", "BRK", 18) {}

    function setBroken(bool broken) external {
        isBroken = broken;
    }

    function balanceOf(address holder) public view override returns (uint256) {
        require(!isBroken, Broken());
        return super.balanceOf(holder);
    }

    function _update(address from, address to, uint256 assets) internal override {
        require(!isBroken, Broken());
        super._update(from, to, assets);
    }
}
