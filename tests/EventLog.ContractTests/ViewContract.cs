using System.Text;
using Loire.EventLog.Views;

namespace Loire.EventLog.ContractTests;

/// <summary>What the contracts of views have in common: a view of orders, with some in it.</summary>
public abstract class ViewContract : StoreContract
{
    protected static readonly ViewField Status = new("status", ViewFieldKind.Text, Searchable: true, Indexed: true);
    protected static readonly ViewField Note = new("note", ViewFieldKind.Text, Searchable: true);
    protected static readonly ViewField Total = new("total", ViewFieldKind.Number, Indexed: true);
    protected static readonly ViewField IsOpen = new("open", ViewFieldKind.Boolean);
    protected static readonly ViewField At = new("at", ViewFieldKind.Time);
    protected static readonly ViewSchema Orders = new("orders", 1, [Status, Note, Total, IsOpen, At]);

    protected static DocumentChange.Put Put(string id, string json) => new(Orders, id, Encoding.UTF8.GetBytes(json));

    protected static IEnumerable<string> Ids(ViewPage page) => page.Items.Select(item => item.Id);

    protected async Task Fill(params DocumentChange[] changes)
    {
        await Views.Define(Orders);
        (await Views.Commit(new CheckpointMove(Orders.StoreName, 0, 0, 10), changes)).ShouldBeTrue();
    }

    protected Task FillSome() => Fill(
        Put("a", """{"status":"open","note":"Red chair","total":10,"open":true,"at":"2030-01-01T00:00:00.000000Z"}"""),
        Put("b", """{"status":"open","note":"red 100% wool_rug","total":9.5,"open":false,"at":"2030-01-02T00:00:00.000000Z"}"""),
        Put("c", """{"status":"paid","note":"blue chair","total":100,"open":true,"at":"2030-01-03T00:00:00.000000Z"}"""),
        Put("d", """{"status":"paid","total":-1}"""),
        Put("e", """{"note":"nothing else"}"""));
}
