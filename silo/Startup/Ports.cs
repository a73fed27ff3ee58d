using System.Net;
using System.Net.Sockets;

namespace Loire.Silo.Startup;

/// <summary>
/// Ports for silos. The engine would listen on one that another silo has already, and each would get some of the other's
/// connections; so a port is tried before it is given to the engine.
/// </summary>
internal static class Ports
{
    /// <summary>One that nobody listens on.</summary>
    public static int Free(IPAddress address) => Listen(address, 0);

    /// <summary>The port itself, or any free one for 0.</summary>
    /// <exception cref="SettingException">The port is taken, or the address is none of this machine.</exception>
    public static int Usable(IPAddress address, int port, string option)
    {
        try
        {
            return Listen(address, port);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            throw new SettingException($"--{CommandLine.AdvertisedAddress}: {address} is no address of this machine.", e);
        }
        catch (SocketException e)
        {
            throw new SettingException($"--{option}: cannot listen on {new IPEndPoint(address, port)}. {e.Message}.", e);
        }
    }

    private static int Listen(IPAddress address, int port)
    {
        using var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.ExclusiveAddressUse = true;
        listener.Bind(new IPEndPoint(address, port));
        listener.Listen();
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }
}
