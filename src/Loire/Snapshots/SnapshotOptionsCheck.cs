using Microsoft.Extensions.Options;

namespace Loire.Snapshots;

/// <summary>Refuses options that are out of their range, whichever aggregate type they are for.</summary>
internal sealed class SnapshotOptionsCheck : IValidateOptions<SnapshotOptions>
{
    private const int Largest = 64 << 20;

    public ValidateOptionsResult Validate(string? name, SnapshotOptions options)
    {
        List<string> failures = [];
        Require(options.Every >= 0, "Snapshots:Every must be 0 or more.");
        Require(options.MinInterval >= TimeSpan.Zero, "Snapshots:MinInterval must be 0 or more.");
        Require(options.MaxBytes is >= 1 and <= Largest, $"Snapshots:MaxBytes must be 1 to {Largest}.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Require(bool holds, string demand)
        {
            if (!holds)
            {
                failures.Add(demand);
            }
        }
    }
}
