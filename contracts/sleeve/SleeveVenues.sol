// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IVenueAllocator} from "../interfaces/IVenueAllocator.sol";
import {BoundedCall} from "../libraries/BoundedCall.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {SleeveBooks} from "./SleeveBooks.sol";

/// Assets on their way into venues and back. What moved is measured; what a venue says of it is not believed.
abstract contract SleeveVenues is SleeveBooks {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint256 private constant MAX_VENUES = 4;
    uint256 private constant MAX_GROWTH_PPM = 5_000;
    uint256 private constant MAX_FEE_BPS = 30_00;
    /// What a venue may use to pay out, and what one pull may use, whatever the venue does.
    uint256 private constant WITHDRAW_GAS_MAX = 1_500_000;
    uint256 private constant PULL_GAS_MAX = 2_000_000;
    /// What a move may cost those who are in: on the way in, where the manager or the vault decides, and on the way
    /// out, where anybody does [bps].
    uint256 internal constant ENTRY_SLIPPAGE_BPS = 10;
    uint256 private constant EXIT_SLIPPAGE_BPS = 1;

    // ---- into venues ----

    /// @inheritdoc IVenueAllocator
    function allocate(address venue, uint256 assets) external restricted nonReentrant returns (uint256 shares) {
        Totals memory totals = _touch();
        Venue storage state = _listed(venue);
        uint256 leastIdle = MathLib.mulDivUp(totals.assets, bufferBps, MathLib.BPS);
        require(idle >= leastIdle + assets, BufferTooSmall(MathLib.zeroFloorSub(idle, assets), leastIdle));
        if (assets == 0) return 0;
        require(totals.silent != venue, VenueSilent(venue));
        uint256 heldBefore = IERC20(asset()).balanceOf(address(this));
        uint256 sharesBefore = IERC20(venue).balanceOf(address(this));
        (, uint256 saidBefore) = _worthOf(venue);
        IERC20(asset()).forceApprove(venue, assets);
        IERC4626(venue).deposit(assets, address(this));
        uint256 paid = heldBefore - IERC20(asset()).balanceOf(address(this));
        shares = IERC20(venue).balanceOf(address(this)) - sharesBefore;
        // the books move in one go, after the venue answered
        idle -= uint96(assets);
        state.shares = (state.shares + shares).toUint120();
        state.recordedAssets += uint96(assets);
        state.recordedAt = uint40(block.timestamp);
        (uint256 worthAssets, uint256 saidAssets) = _worthOf(venue);
        uint256 gained = MathLib.zeroFloorSub(saidAssets, saidBefore);
        require(
            paid == assets && gained + _slippageOf(assets, ENTRY_SLIPPAGE_BPS) >= assets,
            AllocationLosesValue(venue, paid, gained)
        );
        uint256 capAssets = MathLib.min(state.capAssets, MathLib.mulDivDown(totals.assets, state.capBps, MathLib.BPS));
        require(worthAssets <= capAssets, VenueCapExceeded(venue, worthAssets, capAssets));
        _record(venue, worthAssets);
        emit Allocated(venue, msg.sender, assets, shares);
    }

    /// bps of what moves and a unit, rounded up [assets]
    function _slippageOf(uint256 assets, uint256 bps) internal pure returns (uint256) {
        return MathLib.mulDivUp(assets, bps, MathLib.BPS) + 1;
    }

    // ---- out of venues ----

    /// @inheritdoc IVenueAllocator
    function recall(address venue, uint256 assets) external restricted nonReentrant returns (uint256) {
        _touch();
        _listed(venue);
        if (assets == 0) return 0;
        return this.pullFrom{gas: PULL_GAS_MAX}(venue, assets, true, msg.sender);
    }

    /// @inheritdoc IVenueAllocator
    function refill(address venue) external nonReentrant returns (uint256) {
        uint256 total = _touch().assets;
        uint256 wanted = MAX_ASSETS;
        if (_listed(venue).capAssets != 0) {
            uint256 buffer = MathLib.mulDivUp(total, bufferBps, MathLib.BPS);
            require(idle < buffer, NothingToRefill(venue, idle, buffer));
            wanted = buffer - idle;
        }
        return this.pullFrom{gas: PULL_GAS_MAX}(venue, wanted, false, msg.sender);
    }

    /// @inheritdoc IVenueAllocator
    function pullFrom(
        address venue,
        uint256 assets,
        bool mayLose,
        address caller
    ) external returns (uint256 receivedAssets) {
        require(msg.sender == address(this), CallerNotSleeve(msg.sender));
        // a venue that says that it pays nothing is tried all the same
        uint256 payableAssets = _payableBy(venue);
        if (payableAssets != 0) assets = MathLib.min(assets, payableAssets);
        (, uint256 saidBefore) = _worthOf(venue);
        uint256 burnt;
        (receivedAssets, burnt) = _payOut(venue, assets);
        uint256 bookAssets = _unbook(venue, burnt);
        uint256 lost = MathLib.zeroFloorSub(bookAssets, receivedAssets);
        // a venue burns whole shares
        uint256 most = _slippageOf(receivedAssets, EXIT_SLIPPAGE_BPS) + bookAssets / MathLib.max(burnt, 1);
        bool isFair = receivedAssets >= assets && lost <= most;
        require(receivedAssets != 0 && (mayLose || isFair), VenueRefused(venue, receivedAssets, lost));
        idle = (idle + receivedAssets).toUint96();
        // if it answers, and what is left is said to be worth less, that counts at once
        (, uint256 saidAssets) = _worthOf(venue);
        if (saidBefore != 0 && saidAssets < venueStates[venue].recordedAssets) _record(venue, saidAssets);
        emit Recalled(venue, caller, receivedAssets, burnt, bookAssets);
    }

    /// what the venue returns is not read: what moved is measured
    function _payOut(address venue, uint256 assets) private returns (uint256 receivedAssets, uint256 burnt) {
        uint256 heldBefore = IERC20(asset()).balanceOf(address(this));
        uint256 sharesBefore = IERC20(venue).balanceOf(address(this));
        bytes memory data = abi.encodeCall(IERC4626.withdraw, (assets, address(this), address(this)));
        if (!BoundedCall.tryCall(venue, WITHDRAW_GAS_MAX, data)) return (0, 0);
        receivedAssets = MathLib.zeroFloorSub(IERC20(asset()).balanceOf(address(this)), heldBefore);
        burnt = MathLib.zeroFloorSub(sharesBefore, IERC20(venue).balanceOf(address(this)));
    }

    /// takes shares out of the books, those that were sent here by mistake last; what they counted for, rounded up
    /// [assets]
    function _unbook(address venue, uint256 burnt) private returns (uint256 bookAssets) {
        Venue storage state = venueStates[venue];
        burnt = MathLib.min(burnt, state.shares);
        if (burnt == 0) return 0;
        bookAssets = MathLib.mulDivUp(state.recordedAssets, burnt, state.shares);
        // safe: at most what is there
        state.shares -= uint120(burnt);
        state.recordedAssets -= uint96(bookAssets);
    }

    /// what a venue says that it pays out now [assets]
    function _payableBy(address venue) internal view returns (uint256) {
        return _ask(venue, abi.encodeCall(IERC4626.maxWithdraw, (address(this))));
    }

    /// makes `assets` idle: from venues in order, and past those that do not pay
    function _gather(uint256 assets) internal {
        for (uint256 i; i < venueList.length && idle < assets; ++i) {
            if (venueStates[venueList[i]].shares == 0) continue;
            // undone when the venue misbehaves; the next is asked then
            bytes memory data = abi.encodeCall(this.pullFrom, (venueList[i], assets - idle, false, msg.sender));
            BoundedCall.tryCall(address(this), PULL_GAS_MAX, data);
        }
        require(idle >= assets, SleeveIlliquid(idle, assets));
    }

    // ---- governance ----

    /// @inheritdoc IVenueAllocator
    function setVenue(address venue, VenueTerms calldata terms) external restricted nonReentrant {
        _requireWithin("capAssets", terms.capAssets, 0, MAX_ASSETS);
        _requireWithin("capBps", terms.capBps, 0, MathLib.BPS);
        _requireWithin("growthPpm", terms.growthPpm, 1, MAX_GROWTH_PPM);
        _touch();
        Venue storage state = venueStates[venue];
        if (!state.isListed) {
            require(venueList.length < MAX_VENUES, TooManyVenues(MAX_VENUES));
            address found = IERC4626(venue).asset();
            require(found == asset() && venue != address(this), VenueOfAnotherAsset(venue, found));
            venueList.push(venue);
        }
        emit VenueSet(venue, _termsOf(state), terms);
        (state.isListed, state.capAssets) = (true, uint96(terms.capAssets));
        (state.capBps, state.growthPpm) = (uint16(terms.capBps), uint24(terms.growthPpm));
    }

    /// @inheritdoc IVenueAllocator
    function cutVenue(address venue) external restricted nonReentrant {
        Venue storage state = _listed(venue);
        emit VenueCut(venue, state.capAssets);
        state.capAssets = 0;
    }

    /// @inheritdoc IVenueAllocator
    function dropVenue(address venue) external restricted nonReentrant {
        _touch();
        Venue storage state = _listed(venue);
        (, uint256 saidAssets) = _worthOf(venue);
        require(saidAssets == 0, VenueInUse(venue, state.shares, saidAssets));
        emit VenueDropped(venue, state.shares);
        state.isListed = false;
        uint256 last = venueList.length - 1;
        // the order of the others stays
        for (uint256 i; i < last; ++i) {
            if (venueList[i] == venue) (venueList[i], venueList[i + 1]) = (venueList[i + 1], venue);
        }
        venueList.pop();
    }

    /// @inheritdoc IVenueAllocator
    function setRules(SleeveRules calldata newRules) external restricted nonReentrant {
        _requireWithin("bufferBps", newRules.bufferBps, 0, MathLib.BPS);
        _requireWithin("feeBps", newRules.feeBps, 0, newRules.feeReceiver == address(0) ? 0 : MAX_FEE_BPS);
        _touch();
        emit SleeveRulesSet(rules(), newRules);
        (bufferBps, feeBps) = (uint16(newRules.bufferBps), uint16(newRules.feeBps));
        feeReceiver = newRules.feeReceiver;
    }

    /// @inheritdoc IVenueAllocator
    function skim(address token, address receiver) external restricted nonReentrant returns (uint256 assets) {
        uint256 counted = token == asset() ? idle : venueStates[token].shares;
        assets = MathLib.zeroFloorSub(IERC20(token).balanceOf(address(this)), counted);
        require(assets != 0, NothingToSkim(token));
        emit Skimmed(token, receiver, assets);
        IERC20(token).safeTransfer(receiver, assets);
    }

    function _listed(address venue) private view returns (Venue storage state) {
        state = venueStates[venue];
        require(state.isListed, VenueNotListed(venue));
    }

    function _requireWithin(bytes32 name, uint256 found, uint256 lowest, uint256 highest) private pure {
        require(found >= lowest && found <= highest, SleeveTermOutOfBounds(name, found, lowest, highest));
    }

    // ---- views ----

    /// @inheritdoc IVenueAllocator
    function venues() external view returns (VenueView[] memory list) {
        list = new VenueView[](venueList.length);
        for (uint256 i; i < list.length; ++i) {
            Venue storage state = venueStates[venueList[i]];
            (uint256 worthAssets, uint256 saidAssets) = _worthOf(venueList[i]);
            list[i] = VenueView({
                venue: venueList[i],
                terms: _termsOf(state),
                shares: state.shares,
                recordedAssets: state.recordedAssets,
                recordedAt: state.recordedAt,
                worthAssets: worthAssets,
                saidAssets: saidAssets
            });
        }
    }

    /// @inheritdoc IVenueAllocator
    function rules() public view returns (SleeveRules memory) {
        return SleeveRules({bufferBps: bufferBps, feeBps: feeBps, feeReceiver: feeReceiver});
    }

    /// @inheritdoc IVenueAllocator
    function idleAssets() external view returns (uint256) {
        return idle;
    }

    function _termsOf(Venue storage state) private view returns (VenueTerms memory) {
        return VenueTerms({capAssets: state.capAssets, capBps: state.capBps, growthPpm: state.growthPpm});
    }
}
