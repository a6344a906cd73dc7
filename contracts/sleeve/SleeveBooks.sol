// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IVenueAllocator} from "../interfaces/IVenueAllocator.sol";
import {BoundedCall} from "../libraries/BoundedCall.sol";
import {MathLib} from "../libraries/MathLib.sol";

/// What a sleeve is worth, and what its shares are: idle assets, venues as they are recorded, the fee on growth.
///
/// While a venue is called the books show the state before: a share is worth neither more nor less in mid-call.
abstract contract SleeveBooks is ERC4626, AccessManaged, ReentrancyGuardTransient, IVenueAllocator {
    /// Gas for one question to a venue. Four of them and what surrounds them stay within what the vault gives to a read
    /// of a rate.
    uint256 internal constant ASK_GAS_MAX = 50_000;
    /// What is left to say why there is no answer.
    uint256 private constant REASON_GAS = 1_000;
    /// Longest time of which growth may come at once [s].
    uint256 private constant STEP_FOR = 7 days;
    uint256 private constant RAY = 1e27;
    uint256 internal constant MAX_ASSETS = type(uint96).max;

    struct Venue {
        // first slot
        uint96 capAssets;
        uint16 capBps;
        uint24 growthPpm; // [ppm per day]
        bool isListed;
        // second slot
        uint120 shares; // [venue shares]
        uint96 recordedAssets;
        uint40 recordedAt;
    }

    /// The sleeve now.
    struct Totals {
        uint256 assets; // idle and what counts of venues: what leavers count with [assets]
        uint256 saidAssets; // idle and what venues say, at least the above: what comers pay for [assets]
        uint256 supply; // with the shares of a fee that is due, and the virtual ones [shares]
        uint256 feeShares; // due [shares]
        address silent; // a venue that counted for something and does not answer, or zero
        uint256[4] worthAssets; // what counts of each venue, in the order of the list [assets]
    }

    address public immutable vault;
    uint8 private immutable offset;

    address[] internal venueList; // at most four
    mapping(address venue => Venue state) internal venueStates;

    // one slot
    uint96 internal idle; // counted, whatever is held [assets]
    uint16 internal bufferBps;
    uint16 internal feeBps;

    address internal feeReceiver;
    // highest price of a share at which a fee was paid [ray]
    uint256 public feePriceRay = RAY;

    constructor(address vault_, uint256 assetDecimals) {
        vault = vault_;
        // shares have 18 decimals: for assets of fewer the virtual shares alone make the first deposit safe
        offset = uint8(MathLib.zeroFloorSub(18, assetDecimals));
    }

    // ---- what venues are worth ----

    /// what counts of a venue, and what it says; the word 0 is no answer
    function _worthOf(address venue) internal view returns (uint256 worthAssets, uint256 saidAssets) {
        Venue storage state = venueStates[venue];
        uint256 shares = state.shares;
        if (shares == 0) return (0, 0);
        saidAssets = MathLib.min(_ask(venue, abi.encodeCall(IERC4626.convertToAssets, (shares))), MAX_ASSETS);
        worthAssets = MathLib.min(saidAssets, _allowedOf(state.recordedAssets, state.growthPpm, state.recordedAt));
    }

    /// recorded · (1 + growth · Δ / day), of at most a week, rounded down [assets]
    function _allowedOf(uint256 recorded, uint256 growthPpm, uint256 recordedAt) private view returns (uint256) {
        uint256 elapsedFor = MathLib.min(block.timestamp - recordedAt, STEP_FOR);
        return recorded + MathLib.mulDivDown(recorded, growthPpm * elapsedFor, MathLib.PPM * 1 days);
    }

    /// the word that a venue answers; who leaves it too little gas gets no answer of the sleeve either, and no gas back
    /// with which a judgement could go on without it
    function _ask(address venue, bytes memory data) internal view returns (uint256) {
        // a call gets at most 63 of 64 parts
        uint256 needed = ASK_GAS_MAX + ASK_GAS_MAX / 32;
        uint256 found = gasleft();
        if (found < needed) {
            for (uint256 left = found; left > REASON_GAS;) left = gasleft();
            revert GasForVenueTooLow(found, needed);
        }
        return BoundedCall.tryRead(venue, ASK_GAS_MAX, data);
    }

    // ---- the sleeve ----

    function _read() internal view returns (Totals memory totals) {
        totals.assets = idle;
        totals.saidAssets = idle;
        for (uint256 i; i < venueList.length; ++i) {
            (uint256 worthAssets, uint256 saidAssets) = _worthOf(venueList[i]);
            totals.worthAssets[i] = worthAssets;
            totals.assets += worthAssets;
            totals.saidAssets += saidAssets;
            if (saidAssets == 0 && venueStates[venueList[i]].recordedAssets != 0) totals.silent = venueList[i];
        }
        totals.supply = totalSupply() + _virtualShares();
        totals.feeShares = _feeDue(totals);
        totals.supply += totals.feeShares;
    }

    /// feeBps of what a share grew above the highest price that paid one, in shares at the price after it, rounded down
    function _feeDue(Totals memory totals) private view returns (uint256) {
        uint256 price = _priceRay(totals);
        if (feeBps == 0 || price <= feePriceRay) return 0;
        uint256 grown = Math.mulDiv(totals.assets + 1, price - feePriceRay, price);
        uint256 fee = MathLib.mulDivDown(grown, feeBps, MathLib.BPS);
        return Math.mulDiv(fee, totals.supply, totals.assets + 1 - fee);
    }

    /// (assets + 1) · virtual shares / supply, rounded down [ray]
    function _priceRay(Totals memory totals) private view returns (uint256) {
        return Math.mulDiv(totals.assets + 1, RAY * _virtualShares(), totals.supply);
    }

    /// records what venues are worth and mints the fee; what is recorded of a venue that does not answer stays, so that
    /// it counts again when it does
    function _touch() internal returns (Totals memory totals) {
        totals = _read();
        for (uint256 i; i < venueList.length; ++i) {
            Venue storage state = venueStates[venueList[i]];
            uint256 recorded = state.recordedAssets;
            uint256 worthAssets = totals.worthAssets[i];
            if (worthAssets == 0) continue;
            if (worthAssets != recorded) _record(venueList[i], worthAssets);
            else if (_allowedOf(recorded, state.growthPpm, state.recordedAt) > recorded)
                state.recordedAt = uint40(block.timestamp);
        }
        uint256 price = _priceRay(totals);
        if (price > feePriceRay) feePriceRay = price;
        if (totals.feeShares != 0) {
            emit FeeMinted(feeReceiver, totals.feeShares, price);
            _mint(feeReceiver, totals.feeShares);
        }
    }

    function _record(address venue, uint256 worthAssets) internal {
        Venue storage state = venueStates[venue];
        emit VenueRecorded(venue, state.recordedAssets, worthAssets);
        // safe: what a venue says is clipped to 96 bits, and caps keep sums below
        (state.recordedAssets, state.recordedAt) = (uint96(worthAssets), uint40(block.timestamp));
    }

    // ---- shares ----

    /// assets that shares are worth when the sleeve is worth `total`
    function _toAssets(
        uint256 shares,
        uint256 total,
        uint256 supply,
        Math.Rounding rounding
    ) internal pure returns (uint256) {
        return Math.mulDiv(shares, total + 1, supply, rounding);
    }

    function _toShares(
        uint256 assets,
        uint256 total,
        uint256 supply,
        Math.Rounding rounding
    ) internal pure returns (uint256) {
        return Math.mulDiv(assets, supply, total + 1, rounding);
    }

    function _virtualShares() internal view returns (uint256) {
        return 10 ** offset;
    }

    function _decimalsOffset() internal view override returns (uint8) {
        return offset;
    }
}
