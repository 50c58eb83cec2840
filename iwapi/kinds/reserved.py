"""Names that no account may have.

The special-use domain names are those of RFC 6761, RFC 2606, RFC 7686, RFC 8375, RFC 9476 and the
infrastructure name `arpa`. The Unix names belong to the system, to daemons, or to the panel.
"""

SPECIAL_USE = (
    "alt", "arpa", "example", "example.com", "example.net", "example.org", "home.arpa", "internal",
    "invalid", "local", "localhost", "onion", "test",
)  # fmt: skip

UNIX_NAMES = frozenset(
    """
    abuse accounts adm admin administrator alias amavis apache apache2 api at atd audio auditd avahi
    avahiautoipd backup bin bind boot caddy cdrom chrony chronyd clam clamav collectd colord console
    consul containerd cpanel cron crontab cups cupsys cvs daemon default dev dialout dip disk dns dnsmasq
    docker dovecot dovenull elasticsearch etc etcd exim fail2ban floppy fpm ftp ftpd ftpuser games gdm
    geoclue git gitea gitlab gnats grafana guest halt haproxy home host hostmaster hplip httpd icinga
    imap info input interworx irc iwapi iworx iworxapi jenkins jetty kernoops kmem knot kube kubernetes
    kvm lib libvirt lightdm lighttpd list localhost logcheck lp lxd mail man mariadb media memcached
    messagebus mnt mongodb munin mysql nagios named news nfs nfsnobody nginx nobody noc node nodeworx
    nogroup npm ns ns1 ns2 nsd ntp opendkim opendmarc openvpn operator opt ossec panel pdns php phpfpm
    plesk plugdev pm2 polkitd pop pop3 postfix postgres postgresql postmaster powerdns poweroff proc
    proftpd prometheus proxy public pulse pureftpd qmail qmaild qmaill qmailp qmailq qmailr qmails
    rabbitmq reboot redis render root rpc rpcuser rspamd rsyslog rtkit run saned security server service
    sgx shadow shutdown siteworx smtp snort spamassassin spamd speechd squid srv sshd staff strongswan
    sudo support svn sync sys sysadmin syslog system systemd tape tcpdump telegraf test tmp tomcat tss
    tty unbound usbmux usbmuxd user users usr utmp uucp var varnish vault video vmail vpn vpopmail vsftpd
    web webmaster wheel whm whoopsie wireguard wireshark www www1 www2 zabbix
    """.split()
)
