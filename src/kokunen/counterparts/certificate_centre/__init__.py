"""証明書交付センター — kiosks in shops ask the city for certificates; here the city is the one who answers.

`gateway.py` opens the city's counter (HTTPS, certificates on both sides); `service.py` is the centre with its kiosks.
"""
