using Penstock.Limits;

namespace Penstock.Tests.Limits;

public sealed class LocalAllowanceStoreTests : AllowanceStoreContract
{
    private protected override IAllowanceStore Make(TimeProvider time) => new LocalAllowanceStore(time);
}
