using Commerce.Accounts;
using Commerce.Values;
using Loire.Sagas;

namespace Loire.Tests.Sagas;

/// <summary>As it was: one is taken, one is given.</summary>
public sealed class ParcelV1 : Saga<ParcelV1.Context>
{
    public ParcelV1()
        : base(Parcel.Name)
    {
        Step("take")
            .Execute(parcel => [Send("account", parcel.From, new AccountCommand.Withdraw(Money.Of(1)))])
            .Compensate(parcel => [Send("account", parcel.From, new AccountCommand.Deposit(Money.Of(1)))]);
        Step("give").Execute(parcel => [Send("account", parcel.To, new AccountCommand.Deposit(Money.Of(1)))]);
    }

    public sealed record Context(string From, string To);
}

/// <summary>As it is: the members of the context have other names, and three more are given.</summary>
public class Parcel : Saga<Parcel.Context>
{
    public const string Name = "parcel";

    public Parcel()
        : this(Name)
    {
    }

    protected Parcel(string type)
        : base(type, version: 2)
    {
        Step("take")
            .Execute(parcel => [Send("account", parcel.Giver, new AccountCommand.Withdraw(Money.Of(1)))])
            .Compensate(parcel => [Send("account", parcel.Giver, new AccountCommand.Deposit(Money.Of(1)))]);
        Step("give").Execute(parcel => [Send("account", parcel.Taker, new AccountCommand.Deposit(Money.Of(1)))]);
        Step("add").Execute(parcel => [Send("account", parcel.Taker, new AccountCommand.Deposit(Money.Of(3)))]);
    }

    public sealed record Context(string Giver, string Taker);
}

/// <summary>The same, and sagas of before are moved to it.</summary>
public sealed class MovingParcel : Parcel
{
    public new const string Name = "moving-parcel";

    public MovingParcel()
        : base(Name) =>
        MigrateFrom(1, moved =>
        {
            var before = moved.Read<ParcelV1.Context>();
            return moved.With(new Context(before.From, before.To));
        });
}

/// <summary>Sagas of before are moved to it, but it has forgotten how to undo what they have done.</summary>
public sealed class ForgetfulParcel : Saga<ParcelV1.Context>
{
    public const string Name = "forgetful-parcel";

    public ForgetfulParcel()
        : base(Name, version: 2)
    {
        MigrateFrom(1, moved => moved);
        Step("give").Execute(parcel => [Send("account", parcel.To, new AccountCommand.Deposit(Money.Of(1)))]);
    }
}

[GrainType(Parcel.Name)]
internal sealed class ParcelGrain : SagaGrain<Parcel>;

[GrainType(MovingParcel.Name)]
internal sealed class MovingParcelGrain : SagaGrain<MovingParcel>;

[GrainType(ForgetfulParcel.Name)]
internal sealed class ForgetfulParcelGrain : SagaGrain<ForgetfulParcel>;
