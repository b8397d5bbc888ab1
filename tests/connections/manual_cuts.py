"""Cuts of a connection, each made by its server or by the proxy before it, and their end."""

from __future__ import annotations


def cut_server_killed(server, proxy):
    server.kill()


def cut_reset(server, proxy):
    proxy.reset()


def cut_hung_up(server, proxy):
    proxy.hang_up()


def cut_half_open(server, proxy):
    server.pause()


def cut_black_hole(server, proxy):
    proxy.black_hole()


def cut_half_closed(server, proxy):
    proxy.half_close()


def cut_refused(server, proxy):
    proxy.refuse()
    proxy.reset()


def end_of_cut(server, proxy, cut):
    """Bring the service back after ``cut``."""
    if cut is cut_server_killed:
        server.start()
    if cut is cut_refused:
        proxy.listen()
    server.go_on()
    proxy.go_on()
