using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>Stands between a store and its server, and loses what a test wants lost.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _connections = [];
    private readonly int _target;
    private volatile bool _losesReplies;
    private volatile bool _losesRequests;
    private volatile int _forgotten;

    public CuttingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether what the server says gets lost.</summary>
    public bool LosesReplies
    {
        get => _losesReplies;
        set => _losesReplies = value;
    }

    /// <summary>Whether what is said to the server gets lost.</summary>
    public bool LosesRequests
    {
        get => _losesRequests;
        set => _losesRequests = value;
    }

    /// <summary>Loses no more, and closes the connections there are.</summary>
    public void Cut()
    {
        (_losesReplies, _losesRequests) = (false, false);
        foreach (var connection in _connections.Keys)
        {
            connection.Close();
        }
    }

    /// <summary>From now on, loses everything on the connections there are, and closes none of them.</summary>
    public void Forget() => _forgotten++;

    public ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        return ValueTask.CompletedTask;
    }

    private async Task Accept()
    {
        while (true)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync();
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
        _connections[client] = true;
        _connections[server] = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            var known = _forgotten;
            await await Task.WhenAny(
                Pump(client, server, () => _losesRequests || known != _forgotten),
                Pump(server, client, () => _losesReplies || known != _forgotten));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One side has gone; the other one is closed, too.
        }

        client.Close();
        _connections.TryRemove(client, out _);
        _connections.TryRemove(server, out _);
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
