// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice What the vault knows of rewards: the distributor of each asset, and reward tokens that others pay to the
/// vault's address for what it holds.
interface IRewards {
    /// @notice The asset has no distributor.
    error RewardsNotSet(address asset);
    /// @notice Accounts hold the asset: its distributor would not be told when they leave.
    error AssetStillHeld(address asset, uint256 totalAssets);
    /// @notice The distributor serves another vault.
    error DistributorOfAnotherVault(address distributor, address found);
    /// @notice The distributor served the asset before: it does not know what happened in between.
    error DistributorUsed(address asset, address distributor, uint256 streams);
    /// @notice Governance has not said that the token is paid for this asset.
    error HarvestNotRegistered(address asset, address token);
    /// @notice The vault owes every unit of the token that it holds.
    error NothingToHarvest(address token);

    /// @notice The distributor of an asset changed; zero for none.
    event RewardsSet(address indexed asset, address indexed oldDistributor, address indexed newDistributor);
    /// @notice The asset whose holders get what arrives of a token changed; zero for none.
    event HarvestSet(address indexed token, address indexed oldAsset, address indexed newAsset);
    /// @notice Reward tokens that others paid to the vault went to the distributor of the asset.
    event Harvested(address indexed asset, address indexed token, uint256 assets);

    /// @notice Sets the distributor that is told of every change of a holding of the asset; restricted.
    /// @param asset A listed asset.
    /// @param distributor A distributor of this vault that has no streams of the asset yet; zero for none.
    /// @dev An asset that has a distributor gets another, or none, only while nobody holds it: then the old one was
    /// told of every change, its book of the asset is closed, and everybody can claim from it for ever.
    function setRewards(address asset, address distributor) external;

    /// @notice Says for which asset a reward token is paid to the vault; restricted.
    /// @param token A token that others pay to the vault's address.
    /// @param asset An asset with a distributor; zero: what arrives is no reward, and governance can recover it.
    function setHarvest(address token, address asset) external;

    /// @notice Sends what the vault holds of a token beyond what it owes to accounts to the distributor, as a lump for
    /// the holders of the asset; open to everybody.
    /// @param asset The asset that governance registered the token for.
    /// @param token The token.
    /// @return assets What was sent [assets].
    function harvest(address asset, address token) external returns (uint256 assets);

    /// @notice The distributor of an asset, zero for none, and what all accounts hold of the asset.
    /// @param asset The asset.
    /// @return distributor Zero for none.
    /// @return totalAssets Σ holdings [assets].
    function rewardsOf(address asset) external view returns (address distributor, uint256 totalAssets);

    /// @notice The asset whose holders get what arrives of a token; zero for none.
    /// @param token The token.
    /// @return asset The asset.
    function harvestAssetOf(address token) external view returns (address asset);
}
