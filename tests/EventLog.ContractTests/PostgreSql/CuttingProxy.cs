using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>Stands between a store and its server, and loses what a test wants lost.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> connections = [];
    private readonly int target;
    private volatile bool losesReplies;
    private volatile bool losesRequests;
    private volatile int forgotten;

    public CuttingProxy(int target)
    {
        this.target = target;
        listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Whether what the server says gets lost.</summary>
    public bool LosesReplies
    {
        get => losesReplies;
        set => losesReplies = value;
    }

    /// <summary>Whether what is said to the server gets lost.</summary>
    public bool LosesRequests
    {
        get => losesRequests;
        set => losesRequests = value;
    }

    /// <summary>Loses no more, and closes the connections there are.</summary>
    public void Cut()
    {
        (losesReplies, losesRequests) = (false, false);
        foreach (var connection in connections.Keys)
        {
            connection.Close();
        }
    }

    /// <summary>From now on, loses everything on the connections there are, and closes none of them.</summary>
    public void Forget() => forgotten++;

    public ValueTask DisposeAsync()
    {
        listener.Stop();
        Cut();
        return ValueTask.CompletedTask;
    }

    private async Task Accept()
    {
        while (true)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync();
                _ = Serve(client);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The proxy was stopped.
                return;
            }
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        connections[client] = true;
        connections[server] = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target);
            var known = forgotten;
            await await Task.WhenAny(
                Pump(client, server, () => losesRequests || known != forgotten),
                Pump(server, client, () => losesReplies || known != forgotten));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One side has gone; the other one is closed, too.
        }

        client.Close();
        connections.TryRemove(client, out _);
        connections.TryRemove(server, out _);
    }

    private static async Task Pump(TcpClient from, TcpClient to, Func<bool> loses)
    {
        var buffer = new byte[65536];
        while (await from.GetStream().ReadAsync(buffer) is var read and > 0)
        {
            if (!loses())
            {
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
        }
    }
}
